import { Command } from 'commander'
import { randomSecret, sha256 } from '../lambdas/tokens/secrets.ts'
import { clientId } from '../model/client-config.ts'
import { CommandFailure, EXIT } from './command-failure.ts'

const HELP = `
Examples:
  $ npm run factory -- clients new-secret my-portal
  $ npm run --silent factory -- clients new-secret my-portal --json

Makes a secret for a client that factory.config.ts lists under clients. The secret is printed once, kept nowhere, and goes
to the client; its hash goes into factory.config.ts, from where nobody can find the secret. A new one replaces the old at
the next deployment, within ten seconds.

Exit codes: 0 printed; 2 wrong usage.`

/** `clients`: those that the organisation registers itself. */
export function clientsCommand(): Command {
  const clients = new Command('clients').description('Clients that factory.config.ts registers')
  clients
    .command('new-secret')
    .description('Makes a client secret, and the hash of it that goes into factory.config.ts')
    .argument('<client>', 'the client id')
    .option('--json', 'client, secret and secretHash as JSON')
    .addHelpText('after', HELP)
    .action(newSecret)
  return clients
}

function newSecret(client: string, { json }: { readonly json?: true }): void {
  const named = clientId.safeParse(client)
  if (!named.success)
    throw new CommandFailure(`client: found ${client}; allowed: ${named.error.issues[0]?.message}`, EXIT.wrongUsage)
  const secret = randomSecret()
  const secretHash = sha256(secret)
  if (json) console.log(JSON.stringify({ client, secret, secretHash }))
  else
    console.log(`client_secret, shown this once: ${secret}

In factory.config.ts:
  clients: { '${client}': { name: '…', redirectUris: ['…'], secretHash: '${secretHash}' } }`)
}
