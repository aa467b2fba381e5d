import { Command } from 'commander'
import type { ListedServer } from '../model/server-list.ts'
import { CommandFailure, EXIT } from './command-failure.ts'
import { type LocalFactory, localFactory, localOrigin } from './local-factory.ts'
import { readServerList } from './server-list.ts'
import { signIn } from './sign-in.ts'

const HELP = () => `
Examples:
  $ npm run --silent factory -- token productivity --as alice
  $ curl ${localOrigin()}/productivity/mcp -H 'Content-Type: application/json' \\
      -H 'Accept: application/json, text/event-stream' \\
      -H "Authorization: Bearer $(npm run --silent factory -- token productivity --as alice)" \\
      -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'

The person signs in through the real pages of the factory that npm start runs; there is no other way to a token.

Exit codes: 0 printed; 1 refused, or no factory runs; 2 wrong usage.`

interface Options {
  readonly as: string
  readonly scope?: string
  readonly json?: true
}

/** `token`: an access token of the local factory, for trying things by hand. */
export function tokenCommand(): Command {
  return new Command('token')
    .description('Signs a sample person in at the local factory and prints the access token')
    .argument('<server>', 'its name or URL')
    .requiredOption('--as <person>', 'a sample person: the address, or what stands before the @')
    .option('--scope <scopes>', 'space-separated; absent: the everyday scopes')
    .option('--json', 'token, expires_in, scope and resource as JSON')
    .addHelpText('after', HELP)
    .action(printToken)
}

async function printToken(server: string, { as, scope, json }: Options): Promise<void> {
  const factory = localFactory()
  const { resource } = findServer(server, await readServerList(factory.issuer), factory)
  const email = findPerson(as, factory.people)
  const { token, expiresIn, scope: granted = '', revoke } = await signIn({ server: new URL(resource), email, scope })
  const missing = missingScopes(scope, granted)
  if (missing.length > 0) {
    await revoke()
    throw new CommandFailure(`--scope: found ${missing.join(' ')}; allowed for ${email} with it: ${granted}`)
  }
  console.log(json ? JSON.stringify({ token, expires_in: expiresIn, scope: granted, resource }) : token)
}

/** The server narrows what it cannot give (AS-22); whoever names scopes wants those and no others. */
export function missingScopes(asked = '', granted: string): string[] {
  return asked.split(' ').filter((scope) => scope !== '' && !granted.split(' ').includes(scope))
}

/** @throws CommandFailure for a server of another factory: only the local one has people to sign in as */
function findServer(wanted: string, servers: readonly ListedServer[], { issuer }: LocalFactory): ListedServer {
  const found = servers.find(({ name, resource }) => name === wanted || resource === wanted)
  if (found) return found
  const names = servers.map(({ name }) => name).join(', ')
  throw new CommandFailure(
    `server: found ${wanted}; allowed: one of the factory at ${issuer}: ${names}`,
    EXIT.wrongUsage,
  )
}

/** @throws CommandFailure listing who there is */
export function findPerson(wanted: string, people: readonly string[]): string {
  if (people.length === 0)
    throw new CommandFailure('People of this factory sign in at Google, not as sample people: connect an MCP client.')
  const found = people.find((email) => email === wanted || email.startsWith(`${wanted}@`))
  if (found === undefined)
    throw new CommandFailure(`--as: found ${wanted}; allowed: one of ${people.join(', ')}`, EXIT.wrongUsage)
  return found
}
