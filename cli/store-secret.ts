import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { awsFailure } from './aws-failure.ts'

export interface SecretToStore {
  readonly name: string
  readonly description: string
  readonly value: string
}

export interface StoredSecret {
  readonly created: boolean
  readonly versionId: string
}

/**
 * Creates a secret, or adds a version to the one there is.
 * @throws CommandFailure naming the secret and what Secrets Manager said, never the value
 */
export async function storeSecret(
  client: Pick<SecretsManagerClient, 'send'>,
  { name, description, value: SecretString }: SecretToStore,
): Promise<StoredSecret> {
  try {
    const { created, VersionId } = await update()
    if (VersionId === undefined) throw new Error('the answer has no VersionId')
    return { created, versionId: VersionId }
  } catch (error) {
    throw awsFailure(`${name} was not stored.`, error)
  }

  async function update() {
    try {
      const { VersionId } = await client.send(new PutSecretValueCommand({ SecretId: name, SecretString }))
      return { created: false, VersionId }
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error
      const { VersionId } = await client.send(
        new CreateSecretCommand({ Name: name, Description: description, SecretString }),
      )
      return { created: true, VersionId }
    }
  }
}
