import type { KeyObject } from 'node:crypto'
import * as z from 'zod/mini'
import { DENY_KINDS, type DenyEntry } from '../../model/deny-entry.ts'
import { type PolicyDocument, policyDocument, type ServerDocument, serverDocument } from '../../model/documents.ts'
import { publicKeysDocument } from '../tokens/public-keys.ts'
import { createPublicKey } from './crypto.ts'

/** A key that may verify access tokens. */
export interface VerificationKey {
  readonly key: KeyObject
  /** Seconds since the epoch; absent while it has no successor. */
  readonly expiresAt: number | undefined
}

/** What the gate knows of the factory: one consistent-enough picture of its part of the table. */
export interface Snapshot {
  readonly keys: ReadonlyMap<string, VerificationKey>
  readonly policy: PolicyDocument
  readonly server: ServerDocument
  readonly denyEntries: readonly DenyEntry[]
}

/** The table's items as read: documents as JSON text, deny entries with their attributes as plain values. */
export interface TableItems {
  readonly keys: string | undefined
  readonly policy: string | undefined
  readonly server: string | undefined
  readonly denyEntries: readonly Readonly<Record<string, unknown>>[]
}

/** The table was reached and what it holds cannot be used. No older snapshot stands in: it has been withdrawn or broken. */
export class SnapshotUnusable extends Error {
  override readonly name = 'SnapshotUnusable'
}

const denyEntry = z.object({
  kind: z.enum(DENY_KINDS),
  value: z.string(),
  before: z.optional(z.number()),
  /** Absent: it stands until it is taken away. */
  expiresAt: z.optional(z.number()),
})

/**
 * Makes a snapshot of the table's items.
 * @param now seconds since the epoch
 * @throws SnapshotUnusable when an item is missing or malformed, a deny entry included: it may be the one that counts
 */
export function makeSnapshot(items: TableItems, now: number): Snapshot {
  return {
    keys: new Map(
      parseDocument('KEYS', items.keys, publicKeysDocument).keys.map(({ kid, jwk, expiresAt }) => [
        kid,
        { key: importKey(kid, jwk), expiresAt },
      ]),
    ),
    policy: parseDocument('POLICY', items.policy, policyDocument),
    server: parseDocument('SERVER', items.server, serverDocument),
    // DynamoDB returns expired items until it deletes them (PLATFORM 17).
    denyEntries: items.denyEntries
      .map(parseDenyEntry)
      .filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now),
  }
}

function parseDocument<Document>(name: string, text: string | undefined, schema: z.ZodMiniType<Document>): Document {
  if (text === undefined) throw new SnapshotUnusable(`the table has no ${name}`)
  const result = schema.safeParse(parseJson(name, text))
  if (!result.success)
    throw new SnapshotUnusable(`${name} is malformed at ${result.error.issues.map((issue) => issue.path.join('.'))}`)
  return result.data
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SnapshotUnusable(`${name} is not JSON`, { cause })
  }
}

/** The schema admits P-256 alone, so the algorithm is pinned to ES256 by the key. */
function importKey(kid: string, jwk: { kty: string; crv: string; x: string; y: string }): KeyObject {
  const { kty, crv, x, y } = jwk
  try {
    return createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })
  } catch (cause) {
    throw new SnapshotUnusable(`key ${kid} is not a public key`, { cause })
  }
}

function parseDenyEntry(item: Readonly<Record<string, unknown>>): z.infer<typeof denyEntry> {
  const result = denyEntry.safeParse(item)
  if (!result.success) throw new SnapshotUnusable(`the deny entry ${String(item.sk)} is malformed`)
  return result.data
}
