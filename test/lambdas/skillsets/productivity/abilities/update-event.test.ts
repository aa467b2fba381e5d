import { describe, expect, it } from 'vitest'
import { calendarOfFile, NOW, refusal, refusalCode, STANDUP } from '../support/calendar-of-file.ts'

const calendar = await calendarOfFile()

const FULL = {
  ...STANDUP,
  timeZone: 'Europe/Berlin',
  description: 'Daily',
  location: 'Room 1',
  attendees: [{ email: 'bob@example.com', name: 'Bob', response: 'needsAction' }],
  transparency: 'opaque',
}

describe('update_event', () => {
  it('changes what is passed, keeps the rest, and counts the version', async () => {
    const { event } = await calendar.create(FULL)
    const updated = await calendar.update({ id: event.id, version: 1, title: 'Retro', transparency: 'transparent' })
    const expected = { ...event, title: 'Retro', transparency: 'transparent', version: 2, updatedAt: NOW }
    expect(updated.event).toEqual(expected)
    expect((await calendar.get({ id: event.id })).event).toEqual(expected)
    expect((await calendar.list()).events).toEqual([expected])
  })

  it('removes what is null, and replaces the attendees', async () => {
    const { event } = await calendar.create(FULL)
    const changes = { description: null, location: null, attendees: [{ email: 'una@example.com' }] }
    await calendar.update({ id: event.id, version: 1, ...changes })
    const { event: updated } = await calendar.get({ id: event.id })
    expect(updated).not.toHaveProperty('description')
    expect(updated).not.toHaveProperty('location')
    expect(updated.attendees).toEqual([{ email: 'una@example.com', response: 'needsAction' }])
  })

  it('moves an event in listings, once, also within an instant', async () => {
    await calendar.create({ title: 'noon', start: '2026-12-01T12:00:00Z', end: '2026-12-01T13:00:00Z' })
    const { event } = await calendar.create(STANDUP)
    const move = (version: number, hour: number) =>
      calendar.update({
        id: event.id,
        version,
        start: `2026-12-01T${hour}:00:00Z`,
        end: `2026-12-01T${hour + 1}:00:00Z`,
      })
    await move(1, 15)
    expect(await calendar.titles()).toEqual(['noon', 'Stand-up'])
    await move(2, 10)
    expect(await calendar.titles()).toEqual(['Stand-up', 'noon'])
    expect(await calendar.titles({ from: '2026-11-30T00:00:00Z', to: '2026-12-01T00:00:00Z' })).toEqual([])
    await move(3, 10)
    expect(await calendar.titles()).toEqual(['Stand-up', 'noon'])
    expect(await calendar.pointers()).toHaveLength(2)
  })

  it('reads a wall-clock time in the zone that the event has', async () => {
    const { event } = await calendar.create(FULL)
    const { event: moved } = await calendar.update({
      id: event.id,
      version: 1,
      start: '2027-07-01T09:00',
      end: '2027-07-01T10:00',
    })
    expect([moved.start, moved.end]).toEqual(['2027-07-01T09:00:00+02:00', '2027-07-01T10:00:00+02:00'])
  })

  it('makes whole days of an event, and times again', async () => {
    const { event } = await calendar.create(FULL)
    const days = { start: '2026-12-01', end: '2026-12-03' }
    expect((await calendar.update({ id: event.id, version: 1, ...days })).event).toMatchObject(days)
    const times = { start: STANDUP.start, end: STANDUP.end }
    expect((await calendar.update({ id: event.id, version: 2, ...times })).event).toMatchObject(times)
  })

  it('refuses another version than the current, says which that is and what to do', async () => {
    const { event } = await calendar.create(STANDUP)
    await calendar.update({ id: event.id, version: 1, title: 'Second' })
    for (const version of [1, 3]) {
      const { code, message, hint } = await refusal(calendar.update({ id: event.id, version, title: 'Lost' }))
      expect(code).toBe('version_conflict')
      expect(message).toContain(`you passed version ${version}, it is at version 2`)
      expect(hint).toMatch(/get_event.*version 2/)
    }
    expect(await calendar.titles()).toEqual(['Second'])
    expect(await calendar.pointers()).toHaveLength(1)
  })

  it.each([
    ['a start after the end that stays', { start: '2026-11-30T10:00:00+01:00' }, 'invalid_time_range'],
    ['a date beside a time that stays', { start: '2026-11-30' }, 'invalid_time_range'],
    ['a zone that the times do not fit', { timeZone: 'America/New_York' }, 'time_zone_mismatch'],
    ['no title', { title: ' ' }, 'invalid_arguments'],
    ['nothing to change', {}, 'invalid_arguments'],
    ['no version', { version: undefined, title: 'x' }, 'invalid_arguments'],
    ['what it does not know', { owner: 'bob' }, 'invalid_arguments'],
  ])('refuses %s, and changes nothing', async (_case, wrong, code) => {
    const { event } = await calendar.create(FULL)
    expect(await refusalCode(calendar.update({ id: event.id, version: 1, ...wrong }))).toBe(code)
    expect((await calendar.list()).events).toEqual([event])
    expect(await calendar.pointers()).toHaveLength(1)
  })

  it('finds no event that is cancelled or was never there', async () => {
    const { event } = await calendar.create(STANDUP)
    await calendar.cancel({ id: event.id })
    for (const id of [event.id, 'nothing', `${event.id}#`])
      expect(await refusalCode(calendar.update({ id, version: 1, title: 'x' }))).toBe('event_not_found')
  })
})
