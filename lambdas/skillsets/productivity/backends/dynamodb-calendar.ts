import { createHash, randomUUID } from 'node:crypto'
import * as z from 'zod'
import { type TenantKey, tenantKey } from '../../../../model/tenant-key.ts'
import type { Table } from '../../../runtime/table.ts'
import { type CalendarEvent, type EventContent, eventSchema } from '../event-schemas.ts'
import { instantOf } from '../event-time.ts'
import { type Interval, LONGEST_EVENT_DAYS } from '../interval.ts'
import {
  type Calendar,
  type CalendarOwner,
  type EventPage,
  eventNotFound,
  idempotencyConflict,
  versionConflict,
} from './calendar.ts'
import { openCursor, sealCursor } from './range-cursor.ts'

const DAY = 86_400_000
/** One day more than an event may last: a day can have 25 hours, and the date line has moved. */
const LOOK_BACK = (LONGEST_EVENT_DAYS + 1) * DAY
/** How long a cancelled event is kept, so that a late repetition of its `create` does not bring it back. */
const CANCELLED_DAYS = 30
/** Whatever a page holds: events that have ended before the range are passed over in few queries. */
const POINTERS_PER_QUERY = 100

const storedEvent = z
  .object({
    event: eventSchema,
    /** Of the content it was created with: tells a repeated call from another one with the same key. */
    digest: z.string(),
    /** The sort key of its pointer; an earlier release left it to follow from the start. */
    pointer: z.string().optional(),
    cancelled: z.boolean().default(false),
  })
  .transform((stored) => ({ ...stored, pointer: stored.pointer ?? placeOfEvent(stored.event) }))

interface Found extends z.output<typeof storedEvent> {
  /** As the table has it: what a replacement must find unchanged. */
  readonly document: unknown
}

/**
 * The factory's own calendar, one partition per tenant and person. An event is the item `EVENT#<id>`: it is the truth,
 * and changes in one conditional write. A pointer `START#<instant in UTC>#<id>#<write>` tells a listing that the event
 * may be there. Each write of an event has a pointer of its own, put before it and named in it; what a dead or beaten
 * write leaves behind is never mistaken for another's, and an event that exists is always found.
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
    const digest = sha256(JSON.stringify(content))
    const event = { ...content, id, version: 1, createdAt: new Date(this.#now()).toISOString() }
    const pointer = newPointer(event)

    await this.#table.put(pk, pointer, {})
    if (await this.#table.create(pk, eventKey(id), { event, digest, pointer })) return { event, created: true }
    const winner = await this.#find(pk, id)
    if (winner?.pointer === pointer) return { event, created: true }
    await this.#forget(pk, pointer)
    if (!winner) throw new Error(`event ${id} vanished while it was created`)
    if (winner.digest !== digest) throw idempotencyConflict('with other content')
    if (winner.cancelled) throw idempotencyConflict('that has been cancelled')
    return { event: winner.event, created: false }
  }

  async get(owner: CalendarOwner, id: string): Promise<CalendarEvent> {
    return alive(await this.#find(partition(owner), id)).event
  }

  async update(
    owner: CalendarOwner,
    id: string,
    version: number,
    change: (event: CalendarEvent) => EventContent,
  ): Promise<CalendarEvent> {
    const pk = partition(owner)
    const before = alive(await this.#find(pk, id))
    const { event } = before
    if (event.version !== version) throw versionConflict(version, event.version)
    const changed = {
      ...change(event),
      id,
      version: version + 1,
      createdAt: event.createdAt,
      updatedAt: new Date(this.#now()).toISOString(),
    }
    const pointer = newPointer(changed)

    await this.#table.put(pk, pointer, {})
    const after = { event: changed, digest: before.digest, pointer }
    if (!(await this.#table.replace(pk, eventKey(id), before.document, after))) {
      const current = await this.#find(pk, id)
      // The SDK repeats a write whose reply was lost, and then fails at its own success.
      if (current?.pointer !== pointer) {
        await this.#forget(pk, pointer)
        throw versionConflict(version, alive(current).event.version)
      }
    }
    await this.#forget(pk, before.pointer)
    return changed
  }

  async cancel(
    owner: CalendarOwner,
    id: string,
    version?: number,
  ): Promise<{ event: CalendarEvent; cancelled: boolean }> {
    const pk = partition(owner)
    const expiresAt = (this.#now() + CANCELLED_DAYS * DAY) / 1000
    // Each turn that fails is one in which another write succeeded.
    for (;;) {
      const found = await this.#find(pk, id)
      if (!found) throw eventNotFound()
      const { document, event, digest, pointer } = found
      if (found.cancelled) return { event, cancelled: false }
      if (version !== undefined && version !== event.version) throw versionConflict(version, event.version)
      const after = { event, digest, pointer, cancelled: true }
      if (await this.#table.replace(pk, eventKey(id), document, after, { expiresAt })) {
        await this.#forget(pk, pointer)
        return { event, cancelled: true }
      }
    }
  }

  async list(
    owner: CalendarOwner,
    { from, to }: Interval,
    { limit, cursor }: { limit: number; cursor?: string | undefined },
  ): Promise<EventPage> {
    const pk = partition(owner)
    const range = `${sortable(from)}/${sortable(to)}`
    // `$` follows `#`: past every pointer of the last event shown, whichever write made it.
    const begin = cursor === undefined ? `START#${sortable(from - LOOK_BACK)}` : `${openCursor(cursor, range)}$`
    // A pointer goes on after its instant, so those of the range's own end are beyond it.
    const last = `START#${sortable(to)}`

    const found = new Map<string, Found>()
    let first = begin
    while (found.size <= limit && first <= last) {
      const pointers = await this.#table.query(pk, { from: first, to: last, limit: POINTERS_PER_QUERY })
      const seen = pointers.length < POINTERS_PER_QUERY ? last : (pointers.at(-1)?.sk ?? last)
      const keys = pointers.map(({ sk }) => eventKey(sk.split('#')[2] ?? ''))
      for (const document of (await this.#table.getMany(pk, keys)).values()) {
        const one = read(document)
        // What moved beyond `seen` while it was read is found there by its new pointer.
        const isHere = one.pointer >= begin && one.pointer <= seen && endOf(one.event) > from
        if (isHere && !one.cancelled) found.set(one.event.id, one)
      }
      first = `${seen}\0`
    }

    const sorted = [...found.values()].sort((a, b) => (a.pointer < b.pointer ? -1 : 1))
    const page = sorted.slice(0, limit)
    const lastOfPage = page.at(-1)
    return {
      events: page.map(({ event }) => event),
      ...(sorted.length > limit && lastOfPage && { nextCursor: sealCursor(placeOf(lastOfPage.pointer), range) }),
    }
  }

  async #find(pk: TenantKey, id: string): Promise<Found | undefined> {
    const document = await this.#table.get(pk, eventKey(id))
    return document === undefined ? undefined : read(document)
  }

  /** What was decided stands, whatever becomes of a pointer without use: listings pass over one that stays. */
  async #forget(pk: TenantKey, pointer: string): Promise<void> {
    await this.#table.delete(pk, pointer).catch(() => undefined)
  }
}

function read(document: unknown): Found {
  return { ...storedEvent.parse(document), document }
}

function alive(found: Found | undefined): Found {
  if (!found || found.cancelled) throw eventNotFound()
  return found
}

function partition({ tenant, id }: CalendarOwner): TenantKey {
  return tenantKey(tenant, 'calendar', id)
}

const eventKey = (id: string) => `EVENT#${id}`
const endOf = ({ end, timeZone }: CalendarEvent) => instantOf(end, timeZone)
/** Where an event stands in the order of time: `START#<instant>#<id>`. */
const placeOfEvent = ({ id, start, timeZone }: CalendarEvent) => `START#${sortable(instantOf(start, timeZone))}#${id}`
const newPointer = (event: CalendarEvent) => `${placeOfEvent(event)}#${randomUUID()}`
/** A pointer without the write that made it. */
const placeOf = (pointer: string) => pointer.split('#').slice(0, 3).join('#')
/** An instant in text of fixed width. */
const sortable = (milliseconds: number) => new Date(milliseconds).toISOString()
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
