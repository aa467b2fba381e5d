import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJsonFile, writeJsonFile } from '../json-file.ts'

/** What S3 keeps of an object beside its bytes. */
export interface StoredObject {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number
  /** In quotes, as the header has it. */
  readonly etag: string
  /** Headers that were given with it and come back with it. */
  readonly headers: Readonly<Record<string, string>>
}

interface Kept extends StoredObject {
  /** The name of the file with its bytes. */
  readonly file: string
}

export interface ExpiryRule {
  readonly prefix: string
  readonly days: number
}

const DAY = 86_400_000
const RECORD = '.json'

/**
 * The objects of one bucket, in a folder: a file of bytes and a record each. A record is replaced as a whole, after its
 * bytes are there, so that a kill leaves the old object or the new.
 */
export class ObjectStore {
  readonly #folder: string
  readonly #expiry: readonly ExpiryRule[]
  readonly #objects = new Map<string, Kept>()

  constructor(folder: string, expiry: readonly ExpiryRule[]) {
    this.#folder = folder
    this.#expiry = expiry
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const files = readdirSync(folder)
    for (const name of files.filter((file) => file.endsWith(RECORD))) {
      const kept = readJsonFile<Kept | undefined>(join(folder, name), undefined)
      if (kept) this.#objects.set(kept.key, kept)
    }
    const known = new Set([...this.#objects.values()].map(({ file }) => file))
    for (const name of files) if (!name.endsWith(RECORD) && !known.has(name)) rmSync(join(folder, name))
  }

  find(key: string, now: number): StoredObject | undefined {
    const found = this.#objects.get(key)
    if (found === undefined || !this.#hasExpired(found, now)) return found
    this.delete(key)
    return undefined
  }

  /** A descriptor of an object's bytes, good even when the object is replaced or deleted meanwhile. */
  open(key: string): number {
    return openSync(join(this.#folder, this.#objects.get(key)?.file ?? ''), 'r')
  }

  put(key: string, body: Uint8Array, headers: StoredObject['headers'], now: number): StoredObject {
    const before = this.#objects.get(key)
    const file = `${idOf(key)}.${randomBytes(8).toString('hex')}`
    const etag = `"${createHash('md5').update(body).digest('hex')}"`
    const kept = { key, size: body.length, modifiedAt: Math.floor(now / 1000) * 1000, etag, headers, file }
    writeFileSync(join(this.#folder, file), body, { mode: 0o600 })
    writeJsonFile(join(this.#folder, idOf(key) + RECORD), kept)
    this.#objects.set(key, kept)
    if (before) rmSync(join(this.#folder, before.file), { force: true })
    return kept
  }

  delete(key: string): void {
    const found = this.#objects.get(key)
    if (found === undefined) return
    this.#objects.delete(key)
    rmSync(join(this.#folder, idOf(key) + RECORD), { force: true })
    rmSync(join(this.#folder, found.file), { force: true })
  }

  /** Objects by key, in the order of its UTF-8 bytes. */
  list(prefix: string, now: number): StoredObject[] {
    return [...this.#objects.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
      .flatMap((key) => this.find(key, now) ?? [])
  }

  /** As S3 has it: at the midnight (UTC) that follows so many days. */
  #hasExpired({ key, modifiedAt }: StoredObject, now: number): boolean {
    return this.#expiry.some(
      ({ prefix, days }) => key.startsWith(prefix) && now >= Math.ceil((modifiedAt + days * DAY) / DAY) * DAY,
    )
  }
}

/** Keys are longer than names of files may be, and have slashes. */
function idOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
