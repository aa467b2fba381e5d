import { describe, expect, it } from 'vitest'
import { calendarOfFile, NOW, refusal, refusalCode, STANDUP } from '../support/calendar-of-file.ts'

const calendar = await calendarOfFile()

const YEAR = { from: '2026-11-01T00:00:00Z', to: '2027-11-01T00:00:00Z' }
const BERLIN = { timeZone: 'Europe/Berlin' }

describe('create_event', () => {
  it('keeps what was given, offset and zone included', async () => {
    const input = {
      ...STANDUP,
      ...BERLIN,
      description: 'Daily',
      location: 'Room 1',
      attendees: [{ email: 'bob@example.com', name: 'Bob', response: 'accepted' }],
      transparency: 'transparent',
    }
    const { event, created } = await calendar.create(input)
    expect(created).toBe(true)
    expect(event).toEqual({ ...input, id: expect.any(String), version: 1, createdAt: NOW })
    expect((await calendar.list()).events).toEqual([event])
  })

  it('takes the time and asks nobody, unless told otherwise', async () => {
    const { event } = await calendar.create({ ...STANDUP, attendees: [{ email: 'bob@example.com' }] })
    expect(event).toMatchObject({ transparency: 'opaque', attendees: [{ response: 'needsAction' }] })
    expect((await calendar.create(STANDUP)).event.attendees).toEqual([])
  })

  it('is idempotent by key', async () => {
    const first = await calendar.create({ ...STANDUP, idempotencyKey: 'k' })
    const again = await calendar.create({ ...STANDUP, idempotencyKey: 'k' })
    expect(again).toEqual({ event: first.event, created: false })
    expect(await calendar.titles()).toHaveLength(1)
    await calendar.create(STANDUP)
    await calendar.create(STANDUP)
    expect(await calendar.titles()).toHaveLength(3)
    expect(await calendar.pointers()).toHaveLength(3)
  })

  it('answers a repeated call with the event as it is by now', async () => {
    const { event } = await calendar.create({ ...STANDUP, idempotencyKey: 'k' })
    const changed = await calendar.update({ id: event.id, version: 1, title: 'Retro' })
    expect(await calendar.create({ ...STANDUP, idempotencyKey: 'k' })).toEqual({ ...changed, created: false })
  })

  it.each([
    ['title', { title: 'Other' }],
    ['start', { start: '2026-11-30T08:00:00+01:00' }],
    ['end', { end: '2026-11-30T09:30:00+01:00' }],
    ['description', { description: 'Other' }],
    ['location', { location: 'Other' }],
    ['zone', BERLIN],
    ['attendee', { attendees: [{ email: 'bob@example.com' }] }],
    ['transparency', { transparency: 'transparent' }],
  ])('refuses a key that was used with another %s', async (_field, other) => {
    const { event } = await calendar.create({ ...STANDUP, idempotencyKey: 'k' })
    const repeated = calendar.create({ ...STANDUP, ...other, idempotencyKey: 'k' })
    expect(await refusalCode(repeated)).toBe('idempotency_conflict')
    expect((await calendar.list()).events).toEqual([event])
    expect(await calendar.pointers()).toHaveLength(1)
  })

  it('reads a wall-clock time in its zone and keeps it with the offset', async () => {
    const summer = { title: 'S', start: '2027-07-01T09:00', end: '2027-07-01T10:00:30', ...BERLIN }
    const { event } = await calendar.create(summer)
    expect(event).toMatchObject({ start: '2027-07-01T09:00:00+02:00', end: '2027-07-01T10:00:30+02:00', ...BERLIN })
  })

  it('accepts Z with any zone, and each offset of a zone with daylight saving', async () => {
    await calendar.create({ ...STANDUP, ...BERLIN, start: '2026-11-30T08:00:00Z', end: '2026-11-30T08:15:00Z' })
    // The night in which the clock goes from 02:00+01:00 to 03:00+02:00.
    await calendar.create({
      title: 'N',
      start: '2027-03-28T01:30:00+01:00',
      end: '2027-03-28T03:30:00+02:00',
      ...BERLIN,
    })
    const kolkata = { start: '2026-12-01T09:00:00+05:30', end: '2026-12-01T10:00:00+05:30', timeZone: 'Asia/Kolkata' }
    await calendar.create({ title: 'Half', ...kolkata })
    expect(await calendar.titles(YEAR)).toHaveLength(3)
  })

  it.each([
    ['nonexistent_time', '2027-03-28T02:30', '2027-03-28T01:30:00+01:00 or 2027-03-28T03:30:00+02:00'],
    ['ambiguous_time', '2027-10-31T02:30', '2027-10-31T02:30:00+02:00 or 2027-10-31T02:30:00+01:00'],
  ])('%s: says what %s in Europe/Berlin could mean', async (code, start, choice) => {
    const { code: found, hint } = await refusal(
      calendar.create({ title: 'Night', start, end: `${start.slice(0, 10)}T06:00`, ...BERLIN }),
    )
    expect([found, hint]).toEqual([code, expect.stringContaining(choice)])
  })

  it('takes whole days as the zone has them, of 23 and of 25 hours', async () => {
    const day = async (start: string, end: string) => {
      const { event } = await calendar.create({ title: start, start, end, ...BERLIN })
      expect(event).toMatchObject({ start, end })
    }
    await day('2027-03-28', '2027-03-29')
    await day('2027-10-31', '2027-11-01')
    const at = (from: string, to: string) => calendar.titles({ from, to })
    expect(await at('2027-03-27T22:59:59Z', '2027-03-27T23:00:00Z')).toEqual([])
    expect(await at('2027-03-27T23:00:00Z', '2027-03-27T23:00:01Z')).toEqual(['2027-03-28'])
    expect(await at('2027-03-28T21:59:59Z', '2027-03-28T22:00:00Z')).toEqual(['2027-03-28'])
    expect(await at('2027-03-28T22:00:00Z', '2027-03-28T22:00:01Z')).toEqual([])
    expect(await at('2027-10-31T22:59:59Z', '2027-10-31T23:00:00Z')).toEqual(['2027-10-31'])
  })

  it('accepts exactly 31 days, those of a month with 745 hours included', async () => {
    expect((await calendar.create({ ...STANDUP, end: '2026-12-31T09:00:00+01:00' })).created).toBe(true)
    const october = { title: 'Leave', start: '2027-10-01', end: '2027-11-01', ...BERLIN }
    expect((await calendar.create(october)).created).toBe(true)
    expect(await calendar.titles({ from: '2027-10-31T22:59:59Z', to: '2027-10-31T23:00:00Z' })).toEqual(['Leave'])
  })

  it.each([
    ['an end before the start', { end: '2026-11-30T08:59:59+01:00' }, 'invalid_time_range'],
    ['no duration', { end: STANDUP.start }, 'invalid_time_range'],
    ['the same instant in another offset', { end: '2026-11-30T08:00:00Z' }, 'invalid_time_range'],
    ['more than 31 days', { end: '2026-12-31T09:00:01+01:00' }, 'invalid_time_range'],
    ['32 whole days', { start: '2026-12-01', end: '2027-01-02', ...BERLIN }, 'invalid_time_range'],
    ['a day that ends with itself', { start: '2026-12-01', end: '2026-12-01', ...BERLIN }, 'invalid_time_range'],
    ['a date and a time', { start: '2026-11-30', ...BERLIN }, 'invalid_time_range'],
    ['a date without a zone', { start: '2026-12-01', end: '2026-12-02' }, 'time_zone_required'],
    ['no offset and no zone', { start: '2026-11-30T09:00:00' }, 'time_zone_required'],
    ['an offset without seconds', { start: '2026-11-30T09:00+01:00' }, 'invalid_arguments'],
    ['a day that does not exist', { start: '2026-02-30T09:00:00Z' }, 'invalid_arguments'],
    ['an hour that does not exist', { start: '2026-11-30T24:00:00Z' }, 'invalid_arguments'],
    ['a date that does not exist', { start: '2026-02-30', end: '2026-03-01', ...BERLIN }, 'invalid_arguments'],
    ['a year out of reach', { start: '0001-01-01T00:00:00Z' }, 'invalid_arguments'],
    ['words', { start: 'tomorrow' }, 'invalid_arguments'],
    ['a time with its zone in brackets', { start: '2026-11-30T09:00[Europe/Berlin]' }, 'invalid_arguments'],
    ['an unknown zone', { timeZone: 'Mars/Olympus' }, 'invalid_arguments'],
    ['an offset for a zone', { timeZone: '+01:00' }, 'invalid_arguments'],
    ['an offset the zone does not have then', { timeZone: 'America/New_York' }, 'time_zone_mismatch'],
    ['no title', { title: '   ' }, 'invalid_arguments'],
    ['a long title', { title: 'x'.repeat(201) }, 'invalid_arguments'],
    ['a long description', { description: 'x'.repeat(4001) }, 'invalid_arguments'],
    ['a long location', { location: 'x'.repeat(501) }, 'invalid_arguments'],
    ['a long key', { idempotencyKey: 'x'.repeat(129) }, 'invalid_arguments'],
    ['an attendee without an address', { attendees: [{ email: 'bob' }] }, 'invalid_arguments'],
    [
      'an attendee twice',
      { attendees: [{ email: 'bob@example.com' }, { email: 'BOB@example.com' }] },
      'invalid_arguments',
    ],
    [
      '101 attendees',
      { attendees: Array.from({ length: 101 }, (_, n) => ({ email: `p${n}@example.com` })) },
      'invalid_arguments',
    ],
    ['an unknown transparency', { transparency: 'busy' }, 'invalid_arguments'],
    ['what it does not know', { owner: 'bob' }, 'invalid_arguments'],
  ])('refuses %s', async (_case, wrong, code) => {
    expect(await refusalCode(calendar.create({ ...STANDUP, ...wrong }))).toBe(code)
    expect(await calendar.titles()).toEqual([])
  })

  it('names the argument that is wrong, and what is allowed', async () => {
    const { message } = await refusal(calendar.create({ ...STANDUP, start: 'tomorrow', timeZone: 'Berlin' }))
    expect(message).toMatch(
      /start: .*; allowed: a date \(2026-11-30\).*timeZone: .*; allowed: an IANA time zone, such as Europe\/Berlin/,
    )
  })
})
