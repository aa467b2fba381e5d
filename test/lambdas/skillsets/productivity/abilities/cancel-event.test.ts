import { describe, expect, it } from 'vitest'
import { calendarOfFile, refusal, refusalCode, STANDUP } from '../support/calendar-of-file.ts'

const calendar = await calendarOfFile()

describe('cancel_event', () => {
  it('takes the event out of the calendar, and says which it was', async () => {
    const { event } = await calendar.create(STANDUP)
    expect(await calendar.cancel({ id: event.id })).toEqual({ event, cancelled: true })
    expect(await calendar.titles()).toEqual([])
    expect(await calendar.pointers()).toEqual([])
    expect(await refusalCode(calendar.get({ id: event.id }))).toBe('event_not_found')
  })

  it('is idempotent', async () => {
    const { event } = await calendar.create(STANDUP)
    await calendar.cancel({ id: event.id, version: 1 })
    for (const again of [{ id: event.id }, { id: event.id, version: 1 }])
      expect(await calendar.cancel(again)).toEqual({ event, cancelled: false })
  })

  it('with a version spares an event that has been changed since', async () => {
    const { event } = await calendar.create(STANDUP)
    await calendar.update({ id: event.id, version: 1, title: 'Changed' })
    const { code, message } = await refusal(calendar.cancel({ id: event.id, version: 1 }))
    expect([code, message]).toEqual(['version_conflict', expect.stringContaining('version 2')])
    expect(await calendar.titles()).toEqual(['Changed'])
    expect((await calendar.cancel({ id: event.id })).event.title).toBe('Changed')
  })

  it('finds no event that was never there, nor one cancelled more than 30 days ago', async () => {
    expect(await refusalCode(calendar.cancel({ id: 'nothing' }))).toBe('event_not_found')
    const { event } = await calendar.create(STANDUP)
    await calendar.cancel({ id: event.id })
    calendar.pass(30 * 86_400_000 - 1000)
    expect((await calendar.cancel({ id: event.id })).cancelled).toBe(false)
    calendar.pass(1000)
    expect(await refusalCode(calendar.cancel({ id: event.id }))).toBe('event_not_found')
  })

  it('asks first where somebody else takes part', async () => {
    const attendees = [{ email: 'bob@example.com', name: 'Bob' }, { email: 'alice@example.com' }]
    const { event } = await calendar.create({ ...STANDUP, attendees })
    expect(await refusalCode(calendar.cancel({ id: event.id }, undefined, 'decline'))).toBe('declined')
    expect(await calendar.titles()).toEqual(['Stand-up'])
    expect(await calendar.cancel({ id: event.id }, undefined, 'accept')).toEqual({ event, cancelled: true })
  })

  it('asks nothing where nobody else does', async () => {
    const { event } = await calendar.create({ ...STANDUP, attendees: [{ email: 'Alice@example.com' }] })
    expect((await calendar.cancel({ id: event.id })).cancelled).toBe(true)
  })

  it('is not undone by a late repetition of the create', async () => {
    const keyed = { ...STANDUP, idempotencyKey: 'k' }
    const { event } = await calendar.create(keyed)
    await calendar.cancel({ id: event.id })
    const { code, message } = await refusal(calendar.create(keyed))
    expect([code, message]).toEqual(['idempotency_conflict', expect.stringContaining('cancelled')])
    expect(await calendar.titles()).toEqual([])
  })
})
