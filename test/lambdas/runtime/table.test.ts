import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SHARED, tenantKey } from '../../../model/tenant-key.ts'
import { dataTable } from './support/data-table.ts'

let now = 1_800_000_000_000
const seconds = () => now / 1000
let data: Awaited<ReturnType<typeof dataTable>>
beforeAll(async () => {
  data = await dataTable(() => now)
})
afterAll(() => data.close())

describe('Table', () => {
  const pk = tenantKey('example', 'notes')

  it('reads what was written, per partition', async () => {
    await data.table.put(pk, 'a', { text: 'hi' })
    expect(await data.table.get(pk, 'a')).toEqual({ text: 'hi' })
    expect(await data.table.get(tenantKey('partner', 'notes'), 'a')).toBeUndefined()
    expect(await data.table.get(tenantKey(SHARED, 'notes'), 'a')).toBeUndefined()
    await data.table.delete(pk, 'a')
    expect(await data.table.get(pk, 'a')).toBeUndefined()
    await data.table.delete(pk, 'a')
  })

  it('takes no key without a tenant', () => {
    // @ts-expect-error a partition key is made by tenantKey
    void (() => data.table.get('notes', 'a'))
    expect(String(pk)).toBe('T-example#notes')
  })

  it('creates once, whoever races', async () => {
    const attempts = Array.from({ length: 20 }, (_, attempt) => data.table.create(pk, 'once', { attempt }))
    const created = await Promise.all(attempts)
    expect(created.filter(Boolean)).toHaveLength(1)
    expect(await data.table.get(pk, 'once')).toEqual({ attempt: created.indexOf(true) })
  })

  it('PLATFORM 17: never shows an expired item, which is still there, and lets it be created anew', async () => {
    await data.table.put(pk, 'expiring', { n: 1 }, { expiresAt: seconds() + 10 })
    expect(await data.table.create(pk, 'expiring', { n: 2 })).toBe(false)
    now += 10_000
    expect(await data.table.get(pk, 'expiring')).toBeUndefined()
    expect((await data.table.getMany(pk, ['expiring'])).size).toBe(0)
    expect(await data.table.query(pk, { from: 'expiring', to: 'expiring', limit: 1 })).toEqual([])
    expect(await data.table.create(pk, 'expiring', { n: 3 })).toBe(true)
    expect(await data.table.get(pk, 'expiring')).toEqual({ n: 3 })
  })

  it('replaces only what is still as it was read, whoever races', async () => {
    await data.table.put(pk, 'changing', { version: 1, text: 'ä "quoted"' })
    const before = await data.table.get(pk, 'changing')
    const attempts = Array.from({ length: 20 }, (_, attempt) =>
      data.table.replace(pk, 'changing', before, { version: 2, attempt }),
    )
    const replaced = await Promise.all(attempts)
    expect(replaced.filter(Boolean)).toHaveLength(1)
    expect(await data.table.get(pk, 'changing')).toEqual({ version: 2, attempt: replaced.indexOf(true) })
    expect(await data.table.replace(pk, 'absent', before, {})).toBe(false)
    expect(await data.table.get(pk, 'absent')).toBeUndefined()
  })

  it('PLATFORM 17: replaces nothing that has expired, and lets the replacement expire', async () => {
    await data.table.put(pk, 'old', 1, { expiresAt: seconds() + 10 })
    expect(await data.table.replace(pk, 'old', 1, 2, { expiresAt: seconds() + 20 })).toBe(true)
    now += 10_000
    expect(await data.table.get(pk, 'old')).toBe(2)
    now += 10_000
    expect(await data.table.replace(pk, 'old', 2, 3)).toBe(false)
    expect(await data.table.get(pk, 'old')).toBeUndefined()
  })

  it('queries a range in both orders, up to its limit, past expired items', async () => {
    const range = tenantKey('example', 'range')
    for (const sk of ['1', '2', '3', '4', '5'])
      await data.table.put(range, sk, sk, sk === '2' ? { expiresAt: seconds() - 1 } : {})
    const query = async (limit: number, order: 'ascending' | 'descending') =>
      (await data.table.query(range, { from: '1', to: '4', limit, order })).map(
        ({ sk, document }) => `${sk}${document}`,
      )
    expect(await query(10, 'ascending')).toEqual(['11', '33', '44'])
    expect(await query(2, 'ascending')).toEqual(['11', '33'])
    expect(await query(2, 'descending')).toEqual(['44', '33'])
  })

  it('reads more keys at once than one request takes', async () => {
    const many = tenantKey('example', 'many')
    const keys = Array.from({ length: 130 }, (_, n) => `k${n}`)
    await Promise.all(keys.map((sk) => data.table.put(many, sk, sk)))
    const found = await data.table.getMany(many, [...keys, 'k0', 'absent'])
    expect(found).toEqual(new Map(keys.map((sk) => [sk, sk])))
    expect((await data.table.getMany(many, [])).size).toBe(0)
  })

  it('passes other faults on', async () => {
    await expect(data.table.create(pk, '', {})).rejects.toThrow()
  })
})
