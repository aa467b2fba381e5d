import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { localFactory } from './local-factory.ts'

/** The secrets of the factory that runs here. @throws CommandFailure where none runs */
export function localSecretsManager(): SecretsManagerClient {
  const { region, credentials, secretsManager: endpoint } = localFactory()
  return new SecretsManagerClient({ region, credentials, endpoint })
}
