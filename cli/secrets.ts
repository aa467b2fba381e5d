import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { Command } from 'commander'
import { loadConfig } from '../lib/load-config.ts'
import { awsFailure } from './aws-failure.ts'
import { declarationsOf } from './declarations.ts'
import { localSecretsManager } from './local-secrets-manager.ts'
import { findSecret } from './named-secret.ts'
import { readConnectionCredentials, readSecretValue } from './secret-input.ts'
import { storeSecret } from './store-secret.ts'

const HELP = `
Examples:
  $ npm run factory -- secrets set google
  $ npm run --silent factory -- secrets set google < google.json     {"clientId":"…","clientSecret":"…"}
  $ npm run factory -- secrets set productivity/google-service-account < key.json
  $ npm run factory -- secrets set api-key --server reports --local

<name> is google or oidc, the identity provider whose client id and secret are asked for; or a secret that a server
needs: <server>/<name>, or its name alone where only one server has it. The version's id is written to standard output:
that of an identity provider goes into factory.config.ts as connection.secretVersion.
Account and region are those of the AWS environment (AWS_PROFILE, AWS_REGION), the stage is the config's.

Exit codes: 0 stored; 1 not stored; 2 wrong usage, input or config.`

interface Options {
  readonly server?: string
  readonly local?: true
  readonly json?: true
}

/** `secrets set`: credentials exist before the first deploy, outside of every template (PLATFORM 15a). */
export function secretsCommand(): Command {
  const secrets = new Command('secrets').description('Credentials that a factory needs, kept in AWS Secrets Manager')
  secrets
    .command('set')
    .description('Stores a secret, as a new version where it is stored already')
    .argument('<name>', 'google, oidc, or a secret that a server needs')
    .option('--server <server>', 'whose secret it is')
    .option('--local', 'in the factory that npm start runs in this directory')
    .option('--json', 'name, created and versionId as JSON')
    .addHelpText('after', HELP)
    .action(setSecret)
  return secrets
}

async function setSecret(wanted: string, { server, local, json }: Options): Promise<void> {
  const config = await loadConfig(process.env)
  const secret = findSecret(wanted, server, config, await declarationsOf(config))
  if (secret.warning) console.error(secret.warning)

  const terminal = { input: process.stdin, output: process.stderr }
  const isConnection = secret.kind === 'connection'
  const read = () => (isConnection ? readConnectionCredentials(terminal) : readSecretValue(terminal))
  // What a script gives is judged at once; a person is not asked for what could not be stored.
  const given = terminal.input.isTTY ? undefined : await read()
  const client = local ? localSecretsManager() : await deployedClient()
  const value = given ?? (await read())
  const { physicalName: name, description } = secret
  const stored = await storeSecret(client, { name, description, value })
  console.error(`${stored.created ? 'Created' : 'Added a version to'} ${name}. ${next(isConnection)}`)
  console.log(json ? JSON.stringify({ name, ...stored }) : stored.versionId)
}

function next(isConnection: boolean): string {
  return isConnection
    ? 'In factory.config.ts, connection.secretVersion is now:'
    : 'A function reads it when it starts: those that run now keep what they have until they end. Its version:'
}

/** @throws CommandFailure before anybody has typed a secret that could not be stored */
async function deployedClient(): Promise<SecretsManagerClient> {
  const client = new SecretsManagerClient()
  try {
    await client.config.region()
    await client.config.credentials()
  } catch (error) {
    throw awsFailure('Nothing was stored.', error)
  }
  return client
}
