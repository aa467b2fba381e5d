import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import type { KeySet } from '../lambdas/tokens/key-set.ts'
import { keySetDocument } from '../lambdas/tokens/key-set.ts'
import { parseJson } from '../model/parse-json.ts'
import { KEY_PURPOSES, type KeyPurpose } from '../model/rotation-token.ts'
import { awsFailure } from './aws-failure.ts'
import { CommandFailure } from './command-failure.ts'
import type { KeysSecret } from './keys-secret.ts'

/** What may be shown of a key. Times are ISO 8601. */
export interface ListedKey {
  readonly purpose: KeyPurpose
  readonly kid: string
  /** Waiting for its use to begin, in use, or kept for what it made. */
  readonly state: 'waiting' | 'in use' | 'retired'
  readonly from: string
  /** When it leaves the set; absent until it has a successor. */
  readonly until?: string
}

/**
 * The keys that there are.
 * @param now seconds since the epoch
 * @throws CommandFailure, never with any of the secret
 */
export async function listKeys({ client, id }: KeysSecret, now: number): Promise<ListedKey[]> {
  let text: string | undefined
  try {
    text = (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString
  } catch (error) {
    throw awsFailure('The keys could not be read.', error)
  }
  const keys = keySetDocument.safeParse(parseJson(text ?? ''))
  if (!keys.success) throw new CommandFailure('There are no keys yet: the first rotation has not ended.')
  return listed(keys.data, now)
}

/** Everything of a set but the keys themselves, of each purpose the newest first. */
export function listed(keys: KeySet, now: number): ListedKey[] {
  return KEY_PURPOSES.flatMap((purpose) => {
    const own = keys[purpose]
      .map((key) => ({ kid: key.kid, expiresAt: key.expiresAt, from: 'signFrom' in key ? key.signFrom : key.useFrom }))
      .filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
      .toSorted((one, other) => other.from - one.from)
    const inUse = own.find(({ from }) => from <= now)
    return own.map(({ kid, from, expiresAt }) => ({
      purpose,
      kid,
      state: from > now ? 'waiting' : kid === inUse?.kid ? 'in use' : 'retired',
      from: time(from),
      ...(expiresAt !== undefined && { until: time(expiresAt) }),
    }))
  })
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '')
}
