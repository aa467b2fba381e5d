import { importJWK, jwtVerify, SignJWT } from 'jose'
import type { KeyPurpose } from '../../model/rotation-token.ts'
import type { Table } from '../store/table.ts'
import type { KeySet } from '../tokens/key-set.ts'
import { type PublicKeys, publicKeysDocument } from '../tokens/public-keys.ts'
import type { KeysSecret } from './keys-secret.ts'
import { publishedKeys } from './published-keys.ts'
import { type Lifetimes, type NewKeys, rotate } from './rotate.ts'
import { RotationError } from './rotation-error.ts'

export const ROTATION_STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const
export type RotationStep = (typeof ROTATION_STEPS)[number]

/** What the steps work with. */
export interface Rotation {
  readonly secret: KeysSecret
  /** The factory table; its item `KEYS` is written. */
  readonly table: Pick<Table, 'get' | 'put'>
  readonly lifetimes: Lifetimes
  /** Purposes whose keys are removed at once. */
  readonly compromised: readonly KeyPurpose[]
  readonly generateKeys: () => Promise<NewKeys>
  /** Seconds since the epoch. */
  readonly now: () => number
}

const KEYS = { pk: 'KEYS', sk: 'KEYS' }

/**
 * The four steps of a Secrets Manager rotation. Each may be repeated: Secrets Manager does so after a failure.
 *
 * createSecret makes the pending set, setSecret publishes its public halves, testSecret tries every key against what is
 * published, finishSecret makes the set current. The public halves are in the table before anything is signed with them.
 */
export const rotationSteps: Readonly<Record<RotationStep, (rotation: Rotation) => Promise<void>>> = {
  async createSecret({ secret, lifetimes, compromised, generateKeys, now }) {
    if ((await secret.pending()) !== undefined) return
    await secret.putPending(rotate(await secret.current(), now(), lifetimes, await generateKeys(), compromised))
  },

  async setSecret({ secret, table, lifetimes, now }) {
    const published = publishedKeys(await pendingSet(secret), await secret.current(), now(), lifetimes)
    await table.put(KEYS, { doc: JSON.stringify(published) })
  },

  async testSecret({ secret, table }) {
    await assertPublished(await pendingSet(secret), table)
  },

  async finishSecret({ secret, table }) {
    await assertPublished(await pendingSet(secret), table)
    await secret.makeCurrent()
  },
}

async function pendingSet(secret: KeysSecret): Promise<KeySet> {
  const pending = await secret.pending()
  if (pending === undefined) throw new RotationError('the pending version has no key set')
  return pending
}

/** Every signing key of the set makes signatures that the published key of its id verifies. */
async function assertPublished(pending: KeySet, table: Rotation['table']): Promise<void> {
  const published = readPublished((await table.get(KEYS))?.doc)
  for (const { kid, jwk } of pending.signing) {
    const publicKey = published.keys.find((key) => key.kid === kid)
    if (publicKey === undefined) throw new RotationError(`key ${kid} is not published`)
    const probe = await new SignJWT().setProtectedHeader({ alg: 'ES256', kid }).sign(await importJWK(jwk, 'ES256'))
    try {
      await jwtVerify(probe, await importJWK(publicKey.jwk, 'ES256'), { algorithms: ['ES256'] })
    } catch (cause) {
      throw new RotationError(`the published key ${kid} does not verify what its private half signs`, { cause })
    }
  }
}

function readPublished(doc: unknown): PublicKeys {
  const published = typeof doc === 'string' ? publicKeysDocument.safeParse(JSON.parse(doc)) : undefined
  if (!published?.success) throw new RotationError('the table holds no public keys')
  return published.data
}
