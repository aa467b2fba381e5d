import type { ClientKind } from '../client.ts'
import { succeeded } from '../desktop.ts'
import { documentedWay } from './documented-way.ts'

export const mcporter: ClientKind = {
  name: 'mcporter',
  habits: {
    probe: 'POST',
    revision: '2025-11-25',
    methodHeader: false,
    redirectUri: /^http:\/\/127\.0\.0\.1:\d+\/callback$/,
    refreshes: 'ahead',
  },
  async start(server, _person, desktop) {
    succeeded(await desktop.run(documentedWay('mcporter', server, 'command', 'config add')))
    const run = async (command: string) => succeeded(await desktop.run(`npx mcporter ${command}`))
    await run(`auth ${server.name}`)
    return {
      listTools: async () =>
        JSON.parse(await run(`list ${server.name} --json`)).tools.map(({ name }: { name: string }) => name),
      callTool: async (name, given) =>
        JSON.parse(await run(`call ${server.name}.${name} --args '${JSON.stringify(given)}' --output json`)),
      close: async () => {},
    }
  },
}
