import { describe, expect, it } from 'vitest'
import { calendarOfFile, refusal, refusalCode } from '../support/calendar-of-file.ts'

const calendar = await calendarOfFile()

const MONDAY = { from: '2026-11-30', to: '2026-12-01', timeZone: 'Europe/Berlin', durationMinutes: 30 }
const at = (start: string, end: string, more: object = {}) =>
  calendar.create({
    title: 'x',
    start: `2026-11-30T${start}`,
    end: `2026-11-30T${end}`,
    timeZone: 'Europe/Berlin',
    ...more,
  })
/** The free times of a question about one day, by the clock. */
const free = async (input: object = MONDAY) =>
  (await calendar.find(input)).freeTimes.map(({ start, end }) => `${start.slice(11, 16)}-${end.slice(11, 16)}`)

describe('find_free_times', () => {
  it('answers in the zone that was asked, with its offset', async () => {
    expect(await calendar.find(MONDAY)).toEqual({
      freeTimes: [{ start: '2026-11-30T09:00:00+01:00', end: '2026-11-30T17:00:00+01:00' }],
    })
    const kolkata = { ...MONDAY, timeZone: 'Asia/Kolkata' }
    expect((await calendar.find(kolkata)).freeTimes[0]?.start).toBe('2026-11-30T09:00:00+05:30')
  })

  it('leaves out what is busy, overlapping events and gaps that are too short included', async () => {
    await at('08:00', '09:30')
    await at('10:00', '11:00')
    await at('10:30', '10:45')
    await at('11:29', '12:00')
    await at('13:00', '14:00', { transparency: 'transparent' })
    await at('16:30', '18:00')
    expect(await free()).toEqual(['09:30-10:00', '12:00-16:30'])
    expect(await free({ ...MONDAY, durationMinutes: 29 })).toEqual(['09:30-10:00', '11:00-11:29', '12:00-16:30'])
    expect(await free({ ...MONDAY, durationMinutes: 271 })).toEqual([])
  })

  it('takes an event of whole days as its days in its own zone', async () => {
    await calendar.create({ title: 'Off', start: '2026-11-30', end: '2026-12-01', timeZone: 'Europe/Berlin' })
    expect(await free()).toEqual([])
    const newYork = { ...MONDAY, timeZone: 'America/New_York', workingHours: { start: '00:00', end: '24:00' } }
    expect(await free(newYork)).toEqual(['18:00-00:00'])
  })

  it('looks at the days and hours that are asked for', async () => {
    const week = { ...MONDAY, to: '2026-12-07' }
    expect(await free(week)).toHaveLength(5)
    const weekend = { ...week, days: ['saturday', 'sunday'], workingHours: { start: '10:15', end: '24:00' } }
    expect(await free(weekend)).toEqual(['10:15-00:00', '10:15-00:00'])
    expect(await free({ ...MONDAY, from: '2026-11-30T16:00', to: '2026-11-30T16:30' })).toEqual(['16:00-16:30'])
  })

  it('sees every event, however many', async () => {
    await Promise.all(
      Array.from({ length: 120 }, (_, n) => {
        const minute = (count: number) => new Date(Date.parse('2026-11-30T08:00Z') + count * 60_000).toISOString()
        return calendar.create({ title: 'x', start: minute(n * 2), end: minute(n * 2 + 1) })
      }),
    )
    expect(await free()).toEqual(['12:59-17:00'])
    expect(await free({ ...MONDAY, durationMinutes: 1 })).toHaveLength(120)
  })

  it.each([
    ['no zone', { timeZone: undefined }, 'invalid_arguments'],
    ['an unknown zone', { timeZone: 'Berlin' }, 'invalid_arguments'],
    ['a range that ends with its beginning', { to: MONDAY.from }, 'invalid_time_range'],
    ['more than 31 days', { to: '2027-01-01' }, 'invalid_time_range'],
    ['no duration', { durationMinutes: 0 }, 'invalid_arguments'],
    ['more than a day', { durationMinutes: 1441 }, 'invalid_arguments'],
    ['hours that end before they start', { workingHours: { start: '17:00', end: '09:00' } }, 'invalid_arguments'],
    ['hours that no clock shows', { workingHours: { start: '9:00', end: '25:00' } }, 'invalid_arguments'],
    ['no days', { days: [] }, 'invalid_arguments'],
    ['a day that is none', { days: ['Montag'] }, 'invalid_arguments'],
    ['what it does not know', { attendees: ['bob@example.com'] }, 'invalid_arguments'],
  ])('refuses %s', async (_case, wrong, code) => {
    expect(await refusalCode(calendar.find({ ...MONDAY, ...wrong }))).toBe(code)
  })

  it('says what working hours may be', async () => {
    const night = { ...MONDAY, workingHours: { start: '22:00', end: '06:00' } }
    expect((await refusal(calendar.find(night))).message).toContain(
      'workingHours: found an object; allowed: an end after the start',
    )
  })
})
