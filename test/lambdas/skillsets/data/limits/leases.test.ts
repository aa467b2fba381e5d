import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Table } from '../../../../../lambdas/runtime/table.ts'
import { Leases } from '../../../../../lambdas/skillsets/data/limits/leases.ts'
import { dataTable } from '../../../runtime/support/data-table.ts'

let clock = Date.parse('2026-11-22T12:00:00Z')
const now = () => clock

let data: Awaited<ReturnType<typeof dataTable>>
let calls = 0
beforeAll(async () => {
  data = await dataTable(now)
  data.client.middlewareStack.add(
    (next) => (args) => {
      calls += 1
      return next(args)
    },
    { step: 'initialize' },
  )
})
afterAll(() => data.close())

const LIMITS = { queriesPerPerson: 2, queriesPerTenant: 3, seconds: 60 }
const leases = () => new Leases(data.table, LIMITS, now)
let tenants = 0
const newTenant = () => `tenant-${tenants++}`

/** Statements that run until they are told to end. */
function running(count: number, person: { id: string; tenant: string }) {
  const gate = Promise.withResolvers<void>()
  const started = Array.from({ length: count }, () => Promise.withResolvers<void>())
  const ended = started.map(({ resolve }) =>
    leases().during(person, () => {
      resolve()
      return gate.promise
    }),
  )
  return {
    started: Promise.all(started.map(({ promise }) => promise)),
    async end() {
      gate.resolve()
      await Promise.all(ended)
    },
  }
}
const refusal = (person: { id: string; tenant: string }) =>
  leases()
    .during(person, async () => 'ran')
    .catch((error: Error & { code?: string }) => error.code)

describe('statements at once', () => {
  it('are limited per person, over all instances', async () => {
    const tenant = newTenant()
    const queries = running(2, { id: 'alice', tenant })
    await queries.started
    expect(await refusal({ id: 'alice', tenant })).toBe('too_many_queries')
    expect(await refusal({ id: 'bob', tenant })).toBe('ran')
    await queries.end()
    expect(await refusal({ id: 'alice', tenant })).toBe('ran')
  })

  it('are limited per tenant, and another tenant does not notice', async () => {
    const tenant = newTenant()
    const one = running(2, { id: 'alice', tenant })
    const other = running(1, { id: 'bob', tenant })
    await Promise.all([one.started, other.started])
    expect(await refusal({ id: 'carl', tenant })).toBe('too_many_queries')
    expect(await refusal({ id: 'carl', tenant: newTenant() })).toBe('ran')
    await Promise.all([one.end(), other.end()])
    expect(await refusal({ id: 'carl', tenant })).toBe('ran')
  })

  it('leave no place taken by one that was refused', async () => {
    const tenant = newTenant()
    const queries = running(2, { id: 'alice', tenant })
    await queries.started
    for (const _attempt of [1, 2, 3]) expect(await refusal({ id: 'alice', tenant })).toBe('too_many_queries')
    expect(await refusal({ id: 'bob', tenant })).toBe('ran')
    await queries.end()
  })

  it('give their places back when they fail', async () => {
    const person = { id: 'alice', tenant: newTenant() }
    const failing = () => leases().during(person, () => Promise.reject(new Error('failed')))
    for (const _attempt of [1, 2, 3, 4]) await expect(failing()).rejects.toThrow('failed')
  })

  it('leave no place taken where the other cannot be had', async () => {
    const person = { id: 'alice', tenant: newTenant() }
    const failing = Object.assign(new Table(data.client, 'data', now), {
      create: (...[pk, sk, document, options]: Parameters<Table['create']>) =>
        sk.startsWith('TENANT') ? Promise.reject(new Error('down')) : data.table.create(pk, sk, document, options),
    })
    for (const _attempt of [1, 2, 3])
      await expect(new Leases(failing, LIMITS, now).during(person, async () => 'ran')).rejects.toThrow('down')
    expect(await refusal(person)).toBe('ran')
  })

  it('of an instance that died are forgotten after their time', async () => {
    const person = { id: 'alice', tenant: newTenant() }
    await running(2, person).started
    expect(await refusal(person)).toBe('too_many_queries')
    clock += (LIMITS.seconds + 31) * 1000
    expect(await refusal(person)).toBe('ran')
  })

  it('of fifty that begin at once let in as many as there are places', async () => {
    const tenant = newTenant()
    const gate = Promise.withResolvers<void>()
    let admitted = 0
    let refused = 0
    const attempt = async (_: unknown, index: number) => {
      const run = () => {
        admitted += 1
        return gate.promise
      }
      await leases()
        .during({ id: `person-${index}`, tenant }, run)
        .catch(() => {
          refused += 1
          if (refused === 50 - LIMITS.queriesPerTenant) gate.resolve()
        })
    }
    await Promise.all(Array.from({ length: 50 }, attempt))
    expect(admitted).toBe(LIMITS.queriesPerTenant)
  })

  it('are answered even where a place cannot be given back', async () => {
    const broken = Object.assign(new Table(data.client, 'data', now), {
      delete: () => Promise.reject(new Error('down')),
    })
    const person = { id: 'alice', tenant: newTenant() }
    expect(await new Leases(broken, LIMITS, now).during(person, async () => 'answer')).toBe('answer')
  })

  it('cost two writes before and two deletions after', async () => {
    calls = 0
    await leases().during({ id: 'alice', tenant: newTenant() }, async () => undefined)
    expect(calls).toBe(4)
  })
})
