import type { RunningFactory } from './factory.ts'

/** What a person wants to know of a factory that runs. */
export function board(factory: RunningFactory): string {
  const { issuer, servers, signIn, logs, unconfined } = factory
  const width = Math.max(...servers.map(({ name }) => name.length))
  const lines = [
    'The factory runs.',
    '',
    'MCP servers (add a URL to your MCP client; it finds everything else):',
    ...servers.map(({ name, url }) => `  ${name.padEnd(width)}  ${url}`),
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
    'Stop with Ctrl+C; what is kept stays. Start with --fresh to begin from nothing.',
  ]
  return `${lines.join('\n')}\n`
}
