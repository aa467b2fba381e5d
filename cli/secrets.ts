import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { Argument, Command } from 'commander'
import { loadConfig } from '../lib/load-config.ts'
import { connectionSecretName } from '../model/names.ts'
import { readConnectionCredentials } from './connection-credentials.ts'
import { storeSecret } from './store-secret.ts'

const HELP = `
Examples:
  $ npm run factory -- secrets set google
  $ npm run --silent factory -- secrets set google < google.json     {"clientId":"…","clientSecret":"…"}

The version's id is written to standard output; put it into factory.config.ts as connection.secretVersion and deploy.
Account and region are those of the AWS environment (AWS_PROFILE, AWS_REGION), the stage is the config's.

Exit codes: 0 stored; 1 not stored; 2 wrong usage, input or config.`

/** `secrets set`: credentials exist before the first deploy, outside of every template (PLATFORM 15a). */
export function secretsCommand(): Command {
  const secrets = new Command('secrets').description('Credentials that a factory needs, kept in AWS Secrets Manager')
  secrets
    .command('set')
    .description("Stores the identity provider's client id and secret, as a new version where they are stored already")
    .addArgument(new Argument('<provider>', 'whose credentials').choices(['google', 'oidc']))
    .addHelpText('after', HELP)
    .action(setConnection)
  return secrets
}

async function setConnection(provider: string): Promise<void> {
  const { stage, organisation } = await loadConfig(process.env)
  const name = connectionSecretName(stage, provider)
  const value = await readConnectionCredentials({ input: process.stdin, output: process.stderr })
  const { created, versionId } = await storeSecret(new SecretsManagerClient(), {
    name,
    description: `${organisation}: credentials of the MCP factory's connection (${provider})`,
    value,
  })
  console.error(
    `${created ? 'Created' : 'Added a version to'} ${name}. In factory.config.ts, connection.secretVersion is now:`,
  )
  console.log(versionId)
}
