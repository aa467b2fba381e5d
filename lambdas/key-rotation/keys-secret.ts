import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { parseJson } from '../../model/parse-json.ts'
import { type KeySet, keySetDocument } from '../tokens/key-set.ts'
import { RotationError } from './rotation-error.ts'

/** The keys secret while one version of it is being rotated in (PLATFORM 18). */
export interface KeysSecret {
  /** Which stages the version has: whether there is anything left to do for it. */
  stage(): Promise<'current' | 'pending'>
  /** The set in use, or undefined while the secret holds its first placeholder. */
  current(): Promise<KeySet | undefined>
  pending(): Promise<KeySet | undefined>
  putPending(keys: KeySet): Promise<void>
  /** Makes the pending version the current one; the current one becomes AWSPREVIOUS. */
  makeCurrent(): Promise<void>
}

/**
 * @param versionId the rotation's ClientRequestToken: the version that it makes
 */
export function keysSecret(client: SecretsManagerClient, secretId: string, versionId: string): KeysSecret {
  async function stages(): Promise<Readonly<Record<string, readonly string[]>>> {
    const { RotationEnabled, VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: secretId }))
    if (!RotationEnabled) throw new RotationError('rotation is not enabled for this secret')
    return VersionIdsToStages ?? {}
  }

  return {
    async stage() {
      const all = await stages()
      const own = Object.hasOwn(all, versionId) ? all[versionId] : undefined
      if (own?.includes('AWSCURRENT')) return 'current'
      if (own?.includes('AWSPENDING')) return 'pending'
      throw new RotationError('the version is neither AWSPENDING nor AWSCURRENT')
    },

    async current() {
      const { SecretString } = await client.send(
        new GetSecretValueCommand({ SecretId: secretId, VersionStage: 'AWSCURRENT' }),
      )
      return readKeySet(SecretString)
    },

    async pending() {
      try {
        const { SecretString } = await client.send(
          new GetSecretValueCommand({ SecretId: secretId, VersionId: versionId, VersionStage: 'AWSPENDING' }),
        )
        return readKeySet(SecretString)
      } catch (error) {
        // The version exists by name only until its value is put.
        if (error instanceof ResourceNotFoundException) return undefined
        throw error
      }
    },

    async putPending(keys) {
      await client.send(
        new PutSecretValueCommand({
          SecretId: secretId,
          ClientRequestToken: versionId,
          SecretString: JSON.stringify(keys),
          VersionStages: ['AWSPENDING'],
        }),
      )
    },

    async makeCurrent() {
      const [former] = Object.entries(await stages()).find(([, own]) => own.includes('AWSCURRENT')) ?? []
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: secretId,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: versionId,
          RemoveFromVersionId: former,
        }),
      )
    },
  }
}

/**
 * What has no `version` is the placeholder. What has one and is no key set is a set of another release or a broken one:
 * making a first set in its place would end every grant.
 * @throws RotationError, without any of the text
 */
function readKeySet(text: string | undefined): KeySet | undefined {
  const value = parseJson(text ?? '')
  if (typeof value !== 'object' || value === null || !('version' in value)) return undefined
  const keys = keySetDocument.safeParse(value)
  if (!keys.success) throw new RotationError('the secret holds a key set that cannot be read')
  return keys.data
}
