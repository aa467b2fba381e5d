import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { loadConfig } from '../lib/load-config.ts'
import { authorizationStackName, KEYS_SECRET_OUTPUT } from '../model/names.ts'
import { outputOf, readStack } from './deployed.ts'
import { localFactory } from './local-factory.ts'

/** The secret with the authorization server's keys, and how to reach it. */
export interface KeysSecret {
  readonly client: Pick<SecretsManagerClient, 'send'>
  readonly id: string
}

/**
 * Finds the keys of the deployed factory, or of the one that runs here.
 * @throws CommandFailure where there is none
 */
export async function findKeysSecret(local: boolean): Promise<KeysSecret> {
  if (local) {
    const { region, credentials, secretsManager: endpoint, keysSecret } = localFactory()
    return { client: new SecretsManagerClient({ region, credentials, endpoint }), id: keysSecret }
  }
  const { stage } = await loadConfig(process.env)
  const stack = await readStack(new CloudFormationClient(), authorizationStackName(stage))
  return { client: new SecretsManagerClient(), id: outputOf(stack, KEYS_SECRET_OUTPUT) }
}
