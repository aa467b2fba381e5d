import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { AbilityError } from '../../../../lambdas/runtime/ability-error.ts'
import { call, type TestPerson } from '../../../../lambdas/runtime/testing.ts'
import { createEvent } from '../../../../lambdas/skillsets/productivity/abilities/create-event.ts'
import { listEvents } from '../../../../lambdas/skillsets/productivity/abilities/list-events.ts'
import { DynamoDbCalendar } from '../../../../lambdas/skillsets/productivity/backends/dynamodb-calendar.ts'
import type { ProductivityServices } from '../../../../lambdas/skillsets/productivity/services.ts'
import { tenantKey } from '../../../../model/tenant-key.ts'
import { dataTable } from '../../runtime/support/data-table.ts'

let data: Awaited<ReturnType<typeof dataTable>>
let services: ProductivityServices
let alice: TestPerson
let people = 0

beforeAll(async () => {
  data = await dataTable()
  services = { calendar: new DynamoDbCalendar(data.table, () => Date.parse('2026-11-20T08:00:00Z')) }
})
afterAll(() => data.close())
// A calendar of her own for each test.
beforeEach(() => {
  people += 1
  alice = { name: 'alice', id: `alice-${people}` }
})

const STANDUP = { title: 'Stand-up', start: '2026-11-30T09:00:00+01:00', end: '2026-11-30T09:15:00+01:00' }
const WEEK = { from: '2026-11-30T00:00:00Z', to: '2026-12-07T00:00:00Z' }

type Create = Parameters<typeof call<typeof createEvent.input, typeof createEvent.output, ProductivityServices>>[1]
const create = (input: Create, as = alice) => call(createEvent, input, { as, services })
const list = (input: Parameters<typeof listEvents.input.parse>[0] = WEEK, as = alice) =>
  call(listEvents, input as typeof WEEK, { as, services })
const titles = async (input: object = WEEK, as = alice) => (await list(input, as)).events.map(({ title }) => title)
const refusal = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof AbilityError)) throw new Error(`no refusal: ${error}`)
  return error.code
}

describe('create_event', () => {
  it('keeps what was given, offset and zone included', async () => {
    const input = { ...STANDUP, timeZone: 'Europe/Berlin', description: 'Daily', location: 'Room 1' }
    const { event, created } = await create(input)
    expect(created).toBe(true)
    expect(event).toEqual({ ...input, id: expect.any(String), createdAt: '2026-11-20T08:00:00.000Z' })
    expect((await list()).events).toEqual([event])
  })

  it('is idempotent by key', async () => {
    const first = await create({ ...STANDUP, idempotencyKey: 'k' })
    const again = await create({ ...STANDUP, idempotencyKey: 'k' })
    expect(again).toEqual({ event: first.event, created: false })
    expect(await titles()).toHaveLength(1)
    await create(STANDUP)
    await create(STANDUP)
    expect(await titles()).toHaveLength(3)
  })

  it.each([
    ['title', { title: 'Other' }],
    ['start', { start: '2026-11-30T08:00:00+01:00' }],
    ['end', { end: '2026-11-30T09:30:00+01:00' }],
    ['description', { description: 'Other' }],
    ['location', { location: 'Other' }],
    ['zone', { timeZone: 'Europe/Berlin' }],
  ])('refuses a key that was used with another %s', async (_field, other) => {
    const { event } = await create({ ...STANDUP, idempotencyKey: 'k' })
    expect(await refusal(create({ ...STANDUP, ...other, idempotencyKey: 'k' }))).toBe('idempotency_conflict')
    expect((await list()).events).toEqual([event])
  })

  it('creates once, whoever races with one key', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => create({ ...STANDUP, idempotencyKey: 'k' })))
    expect(results.filter(({ created }) => created)).toHaveLength(1)
    expect(new Set(results.map(({ event }) => event.id)).size).toBe(1)
    expect(await titles()).toHaveLength(1)
  })

  it('leaves one event and no trace of the others where different contents race with one key', async () => {
    const hours = ['10', '11', '12', '13', '14']
    const results = await Promise.allSettled(
      hours.map((hour) =>
        create({
          title: hour,
          start: `2026-12-01T${hour}:00:00Z`,
          end: `2026-12-01T${hour}:30:00Z`,
          idempotencyKey: 'k',
        }),
      ),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await titles()).toHaveLength(1)
    const pointers = await data.table.query(tenantKey('example', 'calendar', alice.id ?? ''), {
      from: 'START#',
      to: 'START$',
      limit: 10,
    })
    expect(pointers).toHaveLength(1)
  })

  it('is finished by a repeated call after one that died half-way', async () => {
    const died = new DynamoDbCalendar(
      Object.assign(Object.create(data.table), {
        get: data.table.get.bind(data.table),
        put: data.table.put.bind(data.table),
        create: () => Promise.reject(new Error('died')),
      }),
    )
    const owner = { tenant: 'example', id: alice.id ?? '' }
    await expect(died.create(owner, STANDUP, 'k')).rejects.toThrow('died')
    expect(await titles()).toEqual([])
    expect((await create({ ...STANDUP, idempotencyKey: 'k' })).created).toBe(true)
    expect(await titles()).toEqual(['Stand-up'])
  })

  it.each([
    ['an end before the start', { end: '2026-11-30T08:59:59+01:00' }, 'invalid_time_range'],
    ['no duration', { end: STANDUP.start }, 'invalid_time_range'],
    ['the same instant in another offset', { end: '2026-11-30T08:00:00Z' }, 'invalid_time_range'],
    ['more than 31 days', { end: '2026-12-31T09:00:01+01:00' }, 'invalid_time_range'],
    ['no offset', { start: '2026-11-30T09:00:00' }, 'invalid_arguments'],
    ['no seconds', { start: '2026-11-30T09:00+01:00' }, 'invalid_arguments'],
    ['a day that does not exist', { start: '2026-02-30T09:00:00Z' }, 'invalid_arguments'],
    ['a year out of reach', { start: '0001-01-01T00:00:00Z' }, 'invalid_arguments'],
    ['words', { start: 'tomorrow' }, 'invalid_arguments'],
    ['an unknown zone', { timeZone: 'Mars/Olympus' }, 'invalid_arguments'],
    ['an offset for a zone', { timeZone: '+01:00' }, 'invalid_arguments'],
    ['an offset the zone does not have then', { timeZone: 'America/New_York' }, 'time_zone_mismatch'],
    ['no title', { title: '   ' }, 'invalid_arguments'],
    ['a long title', { title: 'x'.repeat(201) }, 'invalid_arguments'],
    ['a long description', { description: 'x'.repeat(4001) }, 'invalid_arguments'],
    ['a long location', { location: 'x'.repeat(501) }, 'invalid_arguments'],
    ['a long key', { idempotencyKey: 'x'.repeat(129) }, 'invalid_arguments'],
    ['what it does not know', { owner: 'bob' }, 'invalid_arguments'],
  ])('refuses %s', async (_case, wrong, code) => {
    expect(await refusal(create({ ...STANDUP, ...wrong }))).toBe(code)
    expect(await titles()).toEqual([])
  })

  it('accepts Z with any zone, and each offset of a zone with daylight saving', async () => {
    const zone = { timeZone: 'Europe/Berlin' }
    await create({ ...STANDUP, ...zone, start: '2026-11-30T08:00:00Z', end: '2026-11-30T08:15:00Z' })
    // The night in which the clock goes from 02:00+01:00 to 03:00+02:00.
    await create({ title: 'Night', start: '2027-03-28T01:30:00+01:00', end: '2027-03-28T03:30:00+02:00', ...zone })
    const half = { timeZone: 'Asia/Kolkata' }
    await create({ title: 'Half', start: '2026-12-01T09:00:00+05:30', end: '2026-12-01T10:00:00+05:30', ...half })
    expect(await titles({ from: '2026-11-01T00:00:00Z', to: '2027-11-01T00:00:00Z' })).toHaveLength(3)
  })

  it('accepts exactly 31 days', async () => {
    expect((await create({ ...STANDUP, end: '2026-12-31T09:00:00+01:00' })).created).toBe(true)
  })
})

describe('list_events', () => {
  const at = (title: string, start: string, end: string) => create({ title, start, end })

  it('orders by instant, whatever the offsets', async () => {
    await at('third', '2026-12-01T12:00:00Z', '2026-12-01T13:00:00Z')
    await at('first', '2026-12-01T12:00:00+02:00', '2026-12-01T13:00:00+02:00')
    await at('second', '2026-12-01T06:00:00-05:00', '2026-12-01T07:00:00-05:00')
    expect(await titles()).toEqual(['first', 'second', 'third'])
  })

  it('takes what touches the range, its bounds excluded', async () => {
    await at('ends at from', '2026-11-29T23:00:00Z', '2026-11-30T00:00:00Z')
    await at('goes on at from', '2026-11-29T23:00:00Z', '2026-11-30T00:00:01Z')
    await at('long before', '2026-10-30T00:00:01Z', '2026-11-30T00:00:01Z')
    await at('starts at from', '2026-11-30T00:00:00Z', '2026-11-30T01:00:00Z')
    await at('starts before to', '2026-12-06T23:59:59Z', '2026-12-08T00:00:00Z')
    await at('starts at to', '2026-12-07T00:00:00Z', '2026-12-07T01:00:00Z')
    expect(await titles()).toEqual(['long before', 'goes on at from', 'starts at from', 'starts before to'])
  })

  it('pages without losing or repeating, events of one instant included', async () => {
    for (let n = 0; n < 7; n += 1) await at(`event ${n}`, '2026-12-02T09:00:00Z', '2026-12-02T10:00:00Z')
    await at('over', '2026-11-28T09:00:00Z', '2026-11-29T10:00:00Z')
    const seen: string[] = []
    let cursor: string | undefined
    let pages = 0
    do {
      const page = await list({ ...WEEK, limit: 3, ...(cursor && { cursor }) })
      seen.push(...page.events.map(({ title }) => title))
      cursor = page.nextCursor
      pages += 1
    } while (cursor)
    expect(pages).toBe(3)
    expect(seen.toSorted()).toEqual(Array.from({ length: 7 }, (_, n) => `event ${n}`))
    expect((await list({ ...WEEK, limit: 7 })).nextCursor).toBeUndefined()
  })

  it('passes over what has ended in few queries, however small the page', async () => {
    const earlier = { ...STANDUP, start: '2026-11-29T09:00:00Z', end: '2026-11-29T09:15:00Z' }
    for (let count = 0; count < 150; count++) await create(earlier)
    await create(STANDUP)
    const queries = vi.spyOn(data.table, 'query')
    expect(await titles({ ...WEEK, limit: 1 })).toEqual([STANDUP.title])
    expect(queries).toHaveBeenCalledTimes(2)
    queries.mockRestore()
  })

  it('refuses a cursor that it did not make for this range', async () => {
    for (let n = 0; n < 3; n += 1) await at(`event ${n}`, '2026-12-02T09:00:00Z', '2026-12-02T10:00:00Z')
    const { nextCursor = '' } = await list({ ...WEEK, limit: 2 })
    const digest = Buffer.from(nextCursor, 'base64url').toString().split('.')[0]
    const forged = (key: string) => Buffer.from(`${digest}.${key}`).toString('base64url')
    for (const cursor of ['x', 'START#', forged('EVENT#1'), forged('START#2026#1'), `${nextCursor}AAAA`])
      expect(await refusal(list({ ...WEEK, cursor }))).toBe('invalid_cursor')
    expect(await refusal(list({ ...WEEK, to: '2026-12-08T00:00:00Z', cursor: nextCursor }))).toBe('invalid_cursor')
  })

  it('shows nothing to a cursor beyond the range', async () => {
    for (let n = 0; n < 3; n += 1) await at(`event ${n}`, '2026-12-02T09:00:00Z', '2026-12-02T10:00:00Z')
    const { nextCursor = '' } = await list({ ...WEEK, limit: 2 })
    const late = Buffer.from(nextCursor, 'base64url').toString().replace('2026-12-02', '2026-12-09')
    expect(await titles({ ...WEEK, cursor: Buffer.from(late).toString('base64url') })).toEqual([])
  })

  it('takes no notice of a pointer that an event does not bear out', async () => {
    const { event } = await create({ ...STANDUP, idempotencyKey: 'k' })
    const pk = tenantKey('example', 'calendar', alice.id ?? '')
    await data.table.put(pk, `START#2026-12-01T08:00:00.000Z#${event.id}`, {})
    await data.table.put(pk, `START#2026-12-01T08:00:00.000Z#${'0'.repeat(32)}`, {})
    expect((await list()).events).toEqual([event])
  })

  it.each([
    [{ ...WEEK, to: WEEK.from }, 'invalid_time_range'],
    [{ from: WEEK.to, to: WEEK.from }, 'invalid_time_range'],
    [{ ...WEEK, limit: 0 }, 'invalid_arguments'],
    [{ ...WEEK, limit: 101 }, 'invalid_arguments'],
    [{ from: '2026-11-30', to: WEEK.to }, 'invalid_arguments'],
  ])('refuses %j', async (input, code) => {
    expect(await refusal(list(input))).toBe(code)
  })
})

describe('isolation', () => {
  const bob = { name: 'bob', id: 'bob-1' }
  const namesake = { name: 'alice', id: 'alice-of-partner', tenant: 'partner' }

  it('nobody sees the events of another person or tenant', async () => {
    const inPartner = { ...namesake, id: alice.id ?? '' }
    await create(STANDUP)
    for (const other of [bob, namesake, inPartner]) expect(await titles(WEEK, other)).toEqual([])
    await create({ ...STANDUP, title: 'Theirs' }, inPartner)
    expect(await titles(WEEK, inPartner)).toEqual(['Theirs'])
    expect(await titles()).toEqual(['Stand-up'])
  })

  it('one key means one event per person', async () => {
    await create({ ...STANDUP, idempotencyKey: 'k' })
    const { created, event } = await create({ ...STANDUP, title: 'Mine', idempotencyKey: 'k' }, bob)
    expect([created, event.title]).toEqual([true, 'Mine'])
    expect(await titles()).toEqual(['Stand-up'])
  })

  it('an id that looks like a key reaches nobody', async () => {
    await create(STANDUP)
    for (const id of [`x#calendar#${alice.id}`, `${alice.id}#`, '../', '%23'])
      expect(await titles(WEEK, { name: 'mallory', id })).toEqual([])
  })

  it("another person's cursor shows nothing of theirs", async () => {
    for (let n = 0; n < 3; n += 1) await create({ ...STANDUP, title: `${n}` })
    const { nextCursor } = await list({ ...WEEK, limit: 1 })
    expect(await titles({ ...WEEK, cursor: nextCursor }, bob)).not.toContain('1')
  })
})
