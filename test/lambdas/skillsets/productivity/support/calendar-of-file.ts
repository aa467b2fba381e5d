import { afterAll, beforeEach } from 'vitest'
import type * as z from 'zod'
import { AbilityError } from '../../../../../lambdas/runtime/ability-error.ts'
import type { Ability } from '../../../../../lambdas/runtime/define-ability.ts'
import { call, type TestPerson } from '../../../../../lambdas/runtime/testing.ts'
import { cancelEvent } from '../../../../../lambdas/skillsets/productivity/abilities/cancel-event.ts'
import { createEvent } from '../../../../../lambdas/skillsets/productivity/abilities/create-event.ts'
import { findFreeTimes } from '../../../../../lambdas/skillsets/productivity/abilities/find-free-times.ts'
import { getEvent } from '../../../../../lambdas/skillsets/productivity/abilities/get-event.ts'
import { listEvents } from '../../../../../lambdas/skillsets/productivity/abilities/list-events.ts'
import { updateEvent } from '../../../../../lambdas/skillsets/productivity/abilities/update-event.ts'
import { DynamoDbCalendar } from '../../../../../lambdas/skillsets/productivity/backends/dynamodb-calendar.ts'
import type { ProductivityServices } from '../../../../../lambdas/skillsets/productivity/services.ts'
import { tenantKey } from '../../../../../model/tenant-key.ts'
import { dataTable } from '../../../runtime/support/data-table.ts'

export const STANDUP = { title: 'Stand-up', start: '2026-11-30T09:00:00+01:00', end: '2026-11-30T09:15:00+01:00' }
export const WEEK = { from: '2026-11-30T00:00:00Z', to: '2026-12-07T00:00:00Z' }
export const NOW = '2026-11-20T08:00:00.000Z'

/**
 * The calendar abilities on a table of their own, for the tests of a file. Each {@link newPerson} has a calendar of her
 * own; every test begins with one.
 */
export async function calendarOfFile() {
  let now = Date.parse(NOW)
  const data = await dataTable(() => now)
  const services: ProductivityServices = { calendar: new DynamoDbCalendar(data.table, () => now), now: () => now }
  /** The names of the DynamoDB commands sent so far. */
  const commands: string[] = []
  data.client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        commands.push(String(commandName).replace('Command', ''))
        return next(args)
      },
    { step: 'initialize' },
  )
  let people = 0
  let alice: TestPerson = { name: 'alice' }
  // The input is what a client may send: whatever it likes.
  const as =
    <Input extends z.ZodObject, Output extends z.ZodObject>(ability: Ability<Input, Output, ProductivityServices>) =>
    (input: object, person = alice, answer?: 'accept' | 'decline') =>
      call(ability, input as z.input<Input>, { as: person, services, ...(answer && { answer }) })
  const list = as(listEvents)
  const newPerson = () => {
    people += 1
    alice = { name: 'alice', id: `alice-${people}` }
    return alice
  }
  beforeEach(() => void newPerson())
  afterAll(() => data.close())
  return {
    data,
    services,
    commands,
    newPerson,
    pass(milliseconds: number) {
      now += milliseconds
    },
    create: as(createEvent),
    get: as(getEvent),
    list: (input: object = WEEK, person = alice) => list(input, person),
    update: as(updateEvent),
    cancel: as(cancelEvent),
    find: as(findFreeTimes),
    titles: async (input: object = WEEK, person = alice) =>
      (await list(input, person)).events.map(({ title }) => title),
    partition: () => tenantKey('example', 'calendar', alice.id ?? ''),
    /** The sort keys of alice's pointers. */
    pointers: async () => {
      const partition = tenantKey('example', 'calendar', alice.id ?? '')
      return (await data.table.query(partition, { from: 'START#', to: 'START$', limit: 500 })).map(({ sk }) => sk)
    },
  }
}

/** The refusal of a call that must not succeed. */
export async function refusal(promise: Promise<unknown>): Promise<AbilityError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof AbilityError)) throw new Error(`no refusal: ${error}`)
  return error
}

export const refusalCode = async (promise: Promise<unknown>) => (await refusal(promise)).code
