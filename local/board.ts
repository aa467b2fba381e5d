import { wayText } from '../model/mcp-client.ts'
import { MCP_CLIENTS } from '../model/mcp-clients.ts'
import type { RunningFactory } from './factory.ts'

const [SHOWN_CLIENT] = MCP_CLIENTS

/** What a person wants to know of a factory that runs. */
export function board(factory: RunningFactory): string {
  const { issuer, port, servers, signIn, logs, unconfined } = factory
  const width = Math.max(...servers.map(({ name }) => name.length))
  const lines = [
    `The factory runs. Everything below, and what happens in it: http://localhost:${port}/`,
    '',
    'MCP servers (add a URL to your MCP client; it finds everything else):',
    ...servers.map(({ name, url }) => `  ${name.padEnd(width)}  ${url}`),
    '',
    `For ${SHOWN_CLIENT?.name} (others: npm run factory -- connect --list):`,
    ...servers.flatMap((server) => {
      const command = SHOWN_CLIENT?.ways(server).find(({ kind }) => kind === 'command')
      return command ? [`  ${wayText(command)}`] : []
    }),
    '',
    `Authorization server: ${issuer}`,
    ...(signIn
      ? [
          '',
          `Sample people to sign in as (${signIn.issuer}):`,
          ...signIn.people.map(({ email, note }) => `  ${email}: ${note}`),
        ]
      : ['', `People sign in at Google; its client needs the redirect URI ${issuer}/callback`]),
    '',
    `Logs: ${logs}`,
    unconfined.length > 0
      ? 'Connections stay on this machine, but for those of the OAuth function (--offline stops them too).'
      : 'Connections stay on this machine.',
    'Stop with Ctrl+C; what is kept stays. npm start -- --fresh begins from nothing.',
  ]
  return `${lines.join('\n')}\n`
}
