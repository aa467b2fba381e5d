import { createHash, randomUUID } from 'node:crypto'
import { type TenantKey, tenantKey } from '../../../../model/tenant-key.ts'
import { AbilityError } from '../../../runtime/ability-error.ts'
import type { Table } from '../../../runtime/table.ts'
import {
  type Calendar,
  type CalendarEvent,
  type CalendarOwner,
  type EventContent,
  type EventPage,
  type EventRange,
  LONGEST_EVENT_DAYS,
} from './calendar.ts'
import { openCursor, sealCursor } from './range-cursor.ts'

const DAY = 86_400_000
/** Whatever a page holds: events that have ended before the range are passed over in few queries. */
const POINTERS_PER_QUERY = 100

/** What is kept of an event: `digest` tells a repeated call from another one with the same key. */
interface StoredEvent {
  readonly event: CalendarEvent
  readonly digest: string
}

/**
 * The factory's own calendar, one partition per tenant and person. An event is the item `EVENT#<id>`; `START#<instant
 * in UTC>#<id>` orders it in time. The pointer is written first and means nothing without its event, so that a call
 * that dies in between leaves nothing half-made, and an event that exists is always listed.
 */
export class DynamoDbCalendar implements Calendar {
  readonly #table: Table
  readonly #now: () => number

  /** @param now milliseconds since the epoch */
  constructor(table: Table, now: () => number = Date.now) {
    this.#table = table
    this.#now = now
  }

  async create(
    owner: CalendarOwner,
    content: EventContent,
    idempotencyKey?: string,
  ): Promise<{ event: CalendarEvent; created: boolean }> {
    const pk = partition(owner)
    const id = idempotencyKey === undefined ? randomUUID() : sha256(idempotencyKey).slice(0, 32)
    const digest = digestOf(content)
    const event = { id, ...content, createdAt: new Date(this.#now()).toISOString() }

    const earlier = await this.#read(pk, id)
    if (earlier) return { event: sameOrConflict(earlier, digest), created: false }
    await this.#table.put(pk, pointerKey(content.start, id), {})
    if (await this.#table.create(pk, eventKey(id), { event, digest } satisfies StoredEvent))
      return { event, created: true }

    // Another call with this key was faster. Its pointer is ours only where both begin at the same instant.
    const winner = await this.#read(pk, id)
    if (winner && instant(winner.event.start) !== instant(content.start))
      await this.#table.delete(pk, pointerKey(content.start, id))
    if (!winner) throw new Error(`event ${id} vanished while it was created`)
    return { event: sameOrConflict(winner, digest), created: false }
  }

  async list(owner: CalendarOwner, { from, to, limit, cursor }: EventRange): Promise<EventPage> {
    const pk = partition(owner)
    const range = `${instant(from)}/${instant(to)}`
    const earliestStart = new Date(Date.parse(from) - LONGEST_EVENT_DAYS * DAY).toISOString()
    // A START# key begins with the instant, so the range's own end is excluded by having nothing after it.
    const last = `START#${instant(to)}`
    let first = cursor === undefined ? `START#${earliestStart}` : `${openCursor(cursor, range)}\0`

    const found: { key: string; event: CalendarEvent }[] = []
    while (found.length <= limit && first <= last) {
      const pointers = await this.#table.query(pk, { from: first, to: last, limit: POINTERS_PER_QUERY })
      const keys = pointers.map(({ sk }) => eventKey(sk.slice(sk.lastIndexOf('#') + 1)))
      const events = await this.#table.getMany(pk, keys)
      for (const [index, { sk }] of pointers.entries()) {
        first = `${sk}\0`
        const event = (events.get(keys[index] ?? '') as StoredEvent | undefined)?.event
        const isItsPointer = event && pointerKey(event.start, event.id) === sk
        if (isItsPointer && Date.parse(event.end) > Date.parse(from)) found.push({ key: sk, event })
      }
      if (pointers.length < POINTERS_PER_QUERY) break
    }

    const page = found.slice(0, limit)
    const lastOfPage = page.at(-1)
    return {
      events: page.map(({ event }) => event),
      ...(found.length > limit && lastOfPage && { nextCursor: sealCursor(lastOfPage.key, range) }),
    }
  }

  async #read(pk: TenantKey, id: string): Promise<StoredEvent | undefined> {
    return (await this.#table.get(pk, eventKey(id))) as StoredEvent | undefined
  }
}

function partition({ tenant, id }: CalendarOwner): TenantKey {
  return tenantKey(tenant, 'calendar', id)
}

const eventKey = (id: string) => `EVENT#${id}`
const pointerKey = (start: string, id: string) => `START#${instant(start)}#${id}`
/** The same instant is the same text, whatever its offset: fixed width, so that it sorts. */
const instant = (time: string) => new Date(time).toISOString()
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function digestOf({ title, description, location, start, end, timeZone }: EventContent): string {
  return sha256(JSON.stringify([title, description ?? null, location ?? null, start, end, timeZone ?? null]))
}

function sameOrConflict(stored: StoredEvent, digest: string): CalendarEvent {
  if (stored.digest === digest) return stored.event
  throw new AbilityError(
    'idempotency_conflict',
    'This idempotency key was used for an event with other content.',
    'Use a new idempotencyKey for a new event; repeat the same content only to repeat a call.',
  )
}
