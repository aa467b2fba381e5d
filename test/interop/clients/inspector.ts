import { type ClientKind, structuredContent } from '../client.ts'
import { succeeded } from '../desktop.ts'
import { documentedWay } from './documented-way.ts'

export const inspector: ClientKind = {
  name: 'Inspector CLI',
  habits: {
    probe: 'POST',
    revision: '2025-11-25',
    methodHeader: false,
    redirectUri: /^http:\/\/127\.0\.0\.1:6276\/oauth\/callback$/,
    refreshes: 'when refused',
  },
  async start(server, _person, desktop) {
    const list = documentedWay('inspector', server, 'command', '--method tools/list')
    const ask = async (command: string) => JSON.parse(succeeded(await desktop.run(`${command} --format json`))).result
    return {
      listTools: async () => (await ask(list)).tools.map(({ name }: { name: string }) => name),
      async callTool(name, given) {
        const call = `tools/call --tool-name ${name} --tool-args-json '${JSON.stringify(given)}'`
        return structuredContent(await ask(list.replace('tools/list', call)))
      },
      close: async () => {},
    }
  },
}
