import { createHash, randomBytes } from 'node:crypto'
import type { Caller } from '../../../runtime/ability-context.ts'
import type { Bucket } from '../../../runtime/bucket.ts'
import type { QueryResult } from '../engines/engine.ts'
import { type ExpiringLink, linkTo } from '../expiring-link.ts'
import type { Column, Value } from '../table.ts'
import { cursorOf, positionOf, unknownCursor } from './page-cursor.ts'

type Owner = Pick<Caller, 'id' | 'tenant'>

/** Rows that one answer carries. */
export interface ResultPage {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Value[])[]
  /** Rows of the result before these. */
  readonly offset: number
  /** Rows of the whole result, as far as the limits let it. */
  readonly rowCount: number
  /** What the limits left out. */
  readonly note?: string | undefined
  /** Absent on the last page. */
  readonly nextCursor?: string
}

/** Rows of one object. */
const ROWS_TOGETHER = 5_000
/** Bytes of a page's rows as JSON: an answer has them three times, and a model reads them. */
const PAGE_BYTES = 1_000_000

/** One object of a kept result. */
interface Part extends Pick<ResultPage, 'columns' | 'rows' | 'rowCount' | 'note'> {}

/**
 * Results that have more than one page, and files made of results, below `results/<tenant>/<person>/`: where something
 * lies follows from who asks, so nobody reaches another's. The bucket forgets them after a day.
 */
export class KeptResults {
  readonly #bucket: Bucket
  readonly #linkMinutes: number
  readonly #now: () => number

  /** @param now milliseconds since the epoch */
  constructor(bucket: Bucket, { linkMinutes }: { readonly linkMinutes: number }, now: () => number) {
    this.#bucket = bucket
    this.#linkMinutes = linkMinutes
    this.#now = now
  }

  /** The first page; the whole result is kept where it has another. */
  async firstPage(owner: Owner, result: QueryResult, note: string | undefined, size: number): Promise<ResultPage> {
    const { columns, rows } = result
    const rowCount = rows.length
    const shown = withinBytes(rows.slice(0, size))
    const page = { columns, rows: shown, offset: 0, rowCount, note }
    if (shown.length === rowCount) return page
    const id = randomBytes(16).toString('base64url')
    const parts = Array.from({ length: Math.ceil(rowCount / ROWS_TOGETHER) }, (_, index) => index)
    await Promise.all(
      parts.map((index) => {
        const part = rows.slice(index * ROWS_TOGETHER, (index + 1) * ROWS_TOGETHER)
        const body = JSON.stringify({ columns, rows: part, rowCount, note } satisfies Part)
        return this.#bucket.put(partKey(owner, id, index), body, { contentType: 'application/json' })
      }),
    )
    return { ...page, nextCursor: cursorOf({ id, offset: shown.length }) }
  }

  /**
   * The page at a cursor.
   * @throws AbilityError `invalid_cursor` where this person has no result there
   */
  async page(owner: Owner, cursor: string, size: number): Promise<ResultPage> {
    const { id, offset } = positionOf(cursor)
    const kept = await this.#bucket.get(partKey(owner, id, Math.floor(offset / ROWS_TOGETHER)))
    const part = kept && (JSON.parse(Buffer.from(kept.body).toString()) as Part)
    if (part === undefined || offset >= part.rowCount) throw unknownCursor()
    const start = offset % ROWS_TOGETHER
    // A page ends where its part does: it may be shorter than asked for.
    const rows = withinBytes(part.rows.slice(start, start + size))
    const next = offset + rows.length
    return { ...part, rows, offset, ...(next < part.rowCount && { nextCursor: cursorOf({ id, offset: next }) }) }
  }

  /** Keeps a file that people download by this name. @returns a link to it */
  async file(owner: Owner, name: string, body: Uint8Array | string, contentType: string): Promise<ExpiringLink> {
    const key = `${folderOf(owner)}${randomBytes(16).toString('base64url')}/${name}`
    await this.#bucket.put(key, body, { contentType })
    return await linkTo(this.#bucket, key, { minutes: this.#linkMinutes, now: this.#now() }, name)
  }
}

/** As many rows as fit, one at least: a page that is empty would lead nowhere. */
function withinBytes<Row>(rows: readonly Row[]): readonly Row[] {
  let bytes = 0
  for (const [index, row] of rows.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(row))
    if (bytes > PAGE_BYTES) return rows.slice(0, Math.max(1, index))
  }
  return rows
}

/** A person's id is digested, because keys are in access logs. */
function folderOf({ id, tenant }: Owner): string {
  return `results/${encodeURIComponent(tenant)}/${createHash('sha256').update(id).digest('hex')}/`
}

function partKey(owner: Owner, id: string, index: number): string {
  return `${folderOf(owner)}${id}/${index}.json`
}
