import { describe, expect, it, vi } from 'vitest'
import { calendarOfFile, refusalCode, STANDUP, WEEK } from '../support/calendar-of-file.ts'

const calendar = await calendarOfFile()

describe('list_events', () => {
  const at = (title: string, start: string, end: string) => calendar.create({ title, start, end })

  it('orders by instant, whatever the offsets', async () => {
    await at('third', '2026-12-01T12:00:00Z', '2026-12-01T13:00:00Z')
    await at('first', '2026-12-01T12:00:00+02:00', '2026-12-01T13:00:00+02:00')
    await at('second', '2026-12-01T06:00:00-05:00', '2026-12-01T07:00:00-05:00')
    expect(await calendar.titles()).toEqual(['first', 'second', 'third'])
  })

  it('takes what touches the range, its bounds excluded', async () => {
    await at('ends at from', '2026-11-29T23:00:00Z', '2026-11-30T00:00:00Z')
    await at('goes on at from', '2026-11-29T23:00:00Z', '2026-11-30T00:00:01Z')
    await at('long before', '2026-10-30T00:00:01Z', '2026-11-30T00:00:01Z')
    await at('starts at from', '2026-11-30T00:00:00Z', '2026-11-30T01:00:00Z')
    await at('starts before to', '2026-12-06T23:59:59Z', '2026-12-08T00:00:00Z')
    await at('starts at to', '2026-12-07T00:00:00Z', '2026-12-07T01:00:00Z')
    expect(await calendar.titles()).toEqual(['long before', 'goes on at from', 'starts at from', 'starts before to'])
  })

  it('pages without losing or repeating, events of one instant included', async () => {
    for (let n = 0; n < 7; n += 1) await at(`event ${n}`, '2026-12-02T09:00:00Z', '2026-12-02T10:00:00Z')
    await at('over', '2026-11-28T09:00:00Z', '2026-11-29T10:00:00Z')
    const seen: string[] = []
    let cursor: string | undefined
    let pages = 0
    do {
      const page = await calendar.list({ ...WEEK, limit: 3, ...(cursor && { cursor }) })
      seen.push(...page.events.map(({ title }) => title))
      cursor = page.nextCursor
      pages += 1
    } while (cursor)
    expect(pages).toBe(3)
    expect(seen.toSorted()).toEqual(Array.from({ length: 7 }, (_, n) => `event ${n}`))
    expect((await calendar.list({ ...WEEK, limit: 7 })).nextCursor).toBeUndefined()
  })

  it('passes over what has ended in few queries, however small the page', async () => {
    const earlier = { ...STANDUP, start: '2026-11-29T09:00:00Z', end: '2026-11-29T09:15:00Z' }
    for (let n = 0; n < 150; n += 50) await Promise.all(Array.from({ length: 50 }, () => calendar.create(earlier)))
    await calendar.create(STANDUP)
    const queries = vi.spyOn(calendar.data.table, 'query')
    expect(await calendar.titles({ ...WEEK, limit: 1 })).toEqual([STANDUP.title])
    expect(queries).toHaveBeenCalledTimes(2)
    queries.mockRestore()
  })

  it('refuses a cursor that it did not make for this range', async () => {
    for (let n = 0; n < 3; n += 1) await at(`event ${n}`, '2026-12-02T09:00:00Z', '2026-12-02T10:00:00Z')
    const { nextCursor = '' } = await calendar.list({ ...WEEK, limit: 2 })
    const digest = Buffer.from(nextCursor, 'base64url').toString().split('.')[0]
    const forged = (key: string) => Buffer.from(`${digest}.${key}`).toString('base64url')
    for (const cursor of ['x', 'START#', forged('EVENT#1'), forged('START#2026#1'), `${nextCursor}AAAA`])
      expect(await refusalCode(calendar.list({ ...WEEK, cursor }))).toBe('invalid_cursor')
    expect(await refusalCode(calendar.list({ ...WEEK, to: '2026-12-08T00:00:00Z', cursor: nextCursor }))).toBe(
      'invalid_cursor',
    )
  })

  it('shows nothing to a cursor beyond the range', async () => {
    for (let n = 0; n < 3; n += 1) await at(`event ${n}`, '2026-12-02T09:00:00Z', '2026-12-02T10:00:00Z')
    const { nextCursor = '' } = await calendar.list({ ...WEEK, limit: 2 })
    const late = Buffer.from(nextCursor, 'base64url').toString().replace('2026-12-02', '2026-12-09')
    expect(await calendar.titles({ ...WEEK, cursor: Buffer.from(late).toString('base64url') })).toEqual([])
  })

  it('reads dates and wall-clock times in the zone that is passed', async () => {
    await at('last of the 30th', '2026-11-30T22:59:59Z', '2026-11-30T23:00:00Z')
    await at('first of the 1st', '2026-11-30T23:00:00Z', '2026-11-30T23:30:00Z')
    await at('last of the 1st', '2026-12-01T22:00:00Z', '2026-12-01T23:30:00Z')
    const day = { from: '2026-12-01', to: '2026-12-02', timeZone: 'Europe/Berlin' }
    expect(await calendar.titles(day)).toEqual(['first of the 1st', 'last of the 1st'])
    const late = { from: '2026-12-01T12:00', to: '2026-12-02T00:00', timeZone: 'Europe/Berlin' }
    expect(await calendar.titles(late)).toEqual(['last of the 1st'])
    const elsewhere = { from: WEEK.from, to: '2026-12-01T00:00:00+01:00', timeZone: 'America/New_York' }
    expect(await calendar.titles(elsewhere)).toEqual(['last of the 30th'])
  })

  it('shows an event once where it is changed between two pages', async () => {
    const first = await at('first', '2026-12-02T09:00:00Z', '2026-12-02T10:00:00Z')
    await at('second', '2026-12-02T11:00:00Z', '2026-12-02T12:00:00Z')
    for (let version = 1; version <= 8; version += 1) {
      const { events, nextCursor } = await calendar.list({ ...WEEK, limit: 1 })
      expect(events[0]?.id).toBe(first.event.id)
      await calendar.update({ id: first.event.id, version, description: `${version}` })
      expect(await calendar.titles({ ...WEEK, cursor: nextCursor })).toEqual(['second'])
    }
  })

  it.each([
    [{ ...WEEK, to: WEEK.from }, 'invalid_time_range'],
    [{ from: WEEK.to, to: WEEK.from }, 'invalid_time_range'],
    [{ ...WEEK, limit: 0 }, 'invalid_arguments'],
    [{ ...WEEK, limit: 101 }, 'invalid_arguments'],
    [{ from: '2026-11-30', to: WEEK.to }, 'time_zone_required'],
    [{ from: '2026-01-01T00:00:00Z', to: '2027-01-02T00:00:01Z' }, 'invalid_time_range'],
    [{ from: 'today', to: WEEK.to }, 'invalid_arguments'],
    [{ ...WEEK, timeZone: 'Berlin' }, 'invalid_arguments'],
  ])('refuses %j', async (input, code) => {
    expect(await refusalCode(calendar.list(input))).toBe(code)
  })
})
