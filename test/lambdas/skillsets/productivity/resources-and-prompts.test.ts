import { beforeEach, describe, expect, it } from 'vitest'
import { get, read, type TestPerson } from '../../../../lambdas/runtime/testing.ts'
import { planMyWeek } from '../../../../lambdas/skillsets/productivity/prompts/plan-my-week.ts'
import { dayEvents } from '../../../../lambdas/skillsets/productivity/resources/day-events.ts'
import { upcomingEvents } from '../../../../lambdas/skillsets/productivity/resources/upcoming-events.ts'
import productivity from '../../../../lambdas/skillsets/productivity/skillset.ts'
import { connect } from '../../runtime/support/connect.ts'
import { calendarOfFile, refusalCode } from './support/calendar-of-file.ts'

const calendar = await calendarOfFile()
let alice: TestPerson
beforeEach(() => {
  alice = calendar.newPerson()
})

const at = (title: string, start: string, end: string) => calendar.create({ title, start, end })
const titlesIn = (content: unknown) =>
  (JSON.parse(String(content)) as { events: { title: string }[] }).events.map(({ title }) => title)

describe('calendar://upcoming', () => {
  it('has the events of the next 24 hours, of this person alone', async () => {
    await at('goes on', '2026-11-20T07:00:00Z', '2026-11-20T08:30:00Z')
    await at('tomorrow, early', '2026-11-21T07:59:00Z', '2026-11-21T09:00:00Z')
    await at('tomorrow, later', '2026-11-21T08:00:00Z', '2026-11-21T09:00:00Z')
    const { services } = calendar
    expect(titlesIn(await read(upcomingEvents, { as: alice, services }))).toEqual(['goes on', 'tomorrow, early'])
    expect(titlesIn(await read(upcomingEvents, { as: { name: 'bob' }, services }))).toEqual([])
  })
})

describe('calendar://days/{timeZone}/{date}', () => {
  const day = (timeZone: string, date: string) =>
    read(dayEvents, { as: alice, services: calendar.services }, { timeZone, date })

  it('has the events of a day as long as it is there', async () => {
    await at('last of the 30th', '2026-11-30T22:30:00Z', '2026-11-30T23:00:00Z')
    await at('first of the 1st', '2026-11-30T23:00:00Z', '2026-11-30T23:30:00Z')
    expect(titlesIn(await day('Europe/Berlin', '2026-11-30'))).toEqual(['last of the 30th'])
    expect(titlesIn(await day('Europe/Berlin', '2026-12-01'))).toEqual(['first of the 1st'])
  })

  it.each([
    ['Berlin', '2026-11-30'],
    ['Europe/Berlin', '2026-02-30'],
    ['Europe/Berlin', 'today'],
  ])('refuses %s %s', async (timeZone, date) => {
    expect(await refusalCode(day(timeZone, date))).toBe('invalid_arguments')
  })
})

describe('plan_my_week', () => {
  const textOf = async (given: Record<string, string>) => {
    const [message] = await get(planMyWeek, given, { as: alice, services: calendar.services })
    return message?.content.type === 'text' ? message.content.text : ''
  }

  it('begins with the week that it is in the time zone, its events, and what is to be done', async () => {
    await at('Review', '2026-11-25T09:00:00Z', '2026-11-25T10:00:00Z')
    const text = await textOf({ timeZone: 'Pacific/Auckland', goals: 'Write the report' })
    expect(text).toContain('from 2026-11-20 to 2026-11-27')
    expect(text).toContain('Write the report')
    expect(text).toContain('"title":"Review"')
    expect(await textOf({ timeZone: 'UTC' })).toContain('Ask me first')
  })

  it('refuses a time zone that is none', async () => {
    expect(await refusalCode(textOf({ timeZone: 'Nowhere' }))).toBe('invalid_arguments')
  })
})

it('a client reads, gets and completes all of it', async () => {
  await at('Review', '2026-11-20T09:00:00Z', '2026-11-20T10:00:00Z')
  const client = await connect(productivity, { as: alice, services: calendar.services })
  const { contents } = await client.readResource({ uri: 'calendar://days/Europe%2FBerlin/2026-11-20' })
  expect(contents[0]).toMatchObject({ mimeType: 'application/json', text: expect.stringContaining('Review') })
  const { messages } = await client.getPrompt({ name: 'plan_my_week', arguments: { timeZone: 'UTC' } })
  expect(JSON.stringify(messages)).toContain('Review')
  const complete = async (name: string, value: string, context: Record<string, string> = {}) => {
    const ref = { type: 'ref/resource' as const, uri: dayEvents.name }
    const { completion } = await client.complete({ ref, argument: { name, value }, context: { arguments: context } })
    return completion.values
  }
  expect(await complete('timeZone', 'europe/ber')).toEqual(['Europe/Berlin'])
  expect((await complete('date', '', { timeZone: 'Pacific/Kiritimati' }))[0]).toBe('2026-11-20')
  expect((await complete('date', '', { timeZone: 'Nowhere' }))[6]).toBe('2026-11-26')
  await client.close()
})
