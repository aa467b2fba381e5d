import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../../lambdas/runtime/testing.ts'
import { calendarOfFile, refusalCode, STANDUP, WEEK } from './support/calendar-of-file.ts'

const calendar = await calendarOfFile()
let alice: TestPerson
beforeEach(() => {
  alice = calendar.newPerson()
})

describe('isolation', () => {
  const bob = { name: 'bob', id: 'bob-1' }
  const namesake = { name: 'alice', id: 'alice-of-partner', tenant: 'partner' }
  const others = () => [bob, namesake, { ...namesake, id: alice.id ?? '' }]

  it('nobody sees the events of another person or tenant', async () => {
    const [, , inPartner] = others()
    await calendar.create(STANDUP)
    for (const other of others()) expect(await calendar.titles(WEEK, other)).toEqual([])
    await calendar.create({ ...STANDUP, title: 'Theirs' }, inPartner)
    expect(await calendar.titles(WEEK, inPartner)).toEqual(['Theirs'])
    expect(await calendar.titles()).toEqual(['Stand-up'])
  })

  it('nobody looks at, changes or cancels the event of another person or tenant, whose id they know', async () => {
    const { event } = await calendar.create(STANDUP)
    for (const other of others()) {
      expect(await refusalCode(calendar.get({ id: event.id }, other))).toBe('event_not_found')
      const update = calendar.update({ id: event.id, version: 1, title: 'Stolen' }, other)
      expect(await refusalCode(update)).toBe('event_not_found')
      expect(await refusalCode(calendar.cancel({ id: event.id }, other))).toBe('event_not_found')
    }
    expect((await calendar.list()).events).toEqual([event])
  })

  it("nobody's free times tell when another person or tenant is busy", async () => {
    await calendar.create(STANDUP)
    const day = { from: '2026-11-30', to: '2026-12-01', timeZone: 'Europe/Berlin', durationMinutes: 1 }
    for (const other of others()) expect((await calendar.find(day, other)).freeTimes).toHaveLength(1)
    expect((await calendar.find({ ...day, from: '2026-11-30T09:15' })).freeTimes).toHaveLength(1)
    expect((await calendar.find({ ...day, to: '2026-11-30T09:15' })).freeTimes).toEqual([])
  })

  it('one key means one event per person', async () => {
    await calendar.create({ ...STANDUP, idempotencyKey: 'k' })
    const { created, event } = await calendar.create({ ...STANDUP, title: 'Mine', idempotencyKey: 'k' }, bob)
    expect([created, event.title]).toEqual([true, 'Mine'])
    expect(await calendar.titles()).toEqual(['Stand-up'])
  })

  it('an id that looks like a key reaches nobody', async () => {
    const { event } = await calendar.create(STANDUP)
    for (const id of [`x#calendar#${alice.id}`, `${alice.id}#`, '../', '%23'])
      expect(await calendar.titles(WEEK, { name: 'mallory', id })).toEqual([])
    for (const id of [`${alice.id}#EVENT#${event.id}`, `../${event.id}`, `${(await calendar.pointers())[0]}`])
      expect(await refusalCode(calendar.get({ id }, { name: 'mallory', id: 'mallory' }))).toBe('event_not_found')
  })

  it("another person's cursor shows nothing of theirs", async () => {
    for (let n = 0; n < 3; n += 1) await calendar.create({ ...STANDUP, title: `${n}` })
    const { nextCursor } = await calendar.list({ ...WEEK, limit: 1 })
    expect(await calendar.titles({ ...WEEK, cursor: nextCursor }, { name: 'una', id: 'una' })).toEqual([])
  })
})
