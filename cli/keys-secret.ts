import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { KEYS_SECRET_OUTPUT } from '../model/names.ts'
import { authorizationOutput } from './deployed.ts'
import { localFactory } from './local-factory.ts'
import { localSecretsManager } from './local-secrets-manager.ts'

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
  return local
    ? { client: localSecretsManager(), id: localFactory().keysSecret }
    : { client: new SecretsManagerClient(), id: await authorizationOutput(KEYS_SECRET_OUTPUT) }
}
