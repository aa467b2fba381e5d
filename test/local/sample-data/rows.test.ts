import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { samplePath } from '../../../lambdas/skillsets/data/sample/datasets.ts'
import { SAMPLE_VERSION } from '../../../lambdas/skillsets/data/sample/manifest.ts'
import { SAMPLE_TABLES, type SampleTableName } from '../../../lambdas/skillsets/data/sample/tables.ts'
import { PRICE_RISE } from '../../../local/sample-data/assortment.ts'
import { day, FIRST_DAY, LAST_DAY } from '../../../local/sample-data/calendar.ts'
import { collectRows } from '../../../local/sample-data/generate.ts'
import type { Order, SampleRows } from '../../../local/sample-data/rows.ts'
import { SHOPS } from '../../../local/sample-data/shops.ts'

const rows = collectRows(0.05)
const TABLES = Object.keys(SAMPLE_TABLES) as SampleTableName[]

/** Of all rows with the names and types of their columns, and of where they are written. */
function digest(rows: SampleRows): string {
  const hash = createHash('sha256')
  for (const table of TABLES) {
    const { columns } = SAMPLE_TABLES[table]
    const names = Object.keys(columns)
    hash.update(
      JSON.stringify([samplePath(table, '*'), Object.entries(columns).map(([name, { type }]) => [name, type])]),
    )
    for (const row of rows[table] as readonly object[])
      hash.update(JSON.stringify(names.map((name) => (row as Record<string, unknown>)[name])))
  }
  return hash.digest('hex').slice(0, 16)
}

const key = (...parts: (string | number | null)[]): string => parts.join('|')

function keysOf<Row>(rows: readonly Row[], of: (row: Row) => string): Set<string> {
  const keys = new Set(rows.map(of))
  expect(keys.size).toBe(rows.length)
  return keys
}

function count(orders: readonly Order[], of: (order: Order) => boolean): number {
  return orders.filter(of).length
}

const orderedIn = (month: string) => (order: Order) => new Date(order.ordered_at * 1000).toISOString().startsWith(month)

describe('the rows of the sample', () => {
  it('are the ones that SAMPLE_VERSION names: a change of them needs a new version, which fills every bucket anew', () => {
    expect(digest(rows)).toBe(SAMPLE_VERSION)
  })

  it('have every column of their table and no other', () => {
    for (const table of TABLES)
      expect(Object.keys(rows[table][0] ?? {}).sort()).toEqual(Object.keys(SAMPLE_TABLES[table].columns).sort())
  })

  it('have keys that are unique within a tenant, and refer to rows of the same tenant', () => {
    const customers = keysOf(rows.customers, ({ tenant, customer_id }) => key(tenant, customer_id))
    const products = keysOf(rows.products, ({ tenant, product_id }) => key(tenant, product_id))
    const orders = keysOf(rows.orders, ({ tenant, order_id }) => key(tenant, order_id))
    keysOf(rows.order_lines, ({ tenant, order_id, line_number }) => key(tenant, order_id, line_number))
    keysOf(rows.web_sessions, ({ tenant, session_id }) => key(tenant, session_id))

    const isKnown = (known: Set<string>, tenant: string, id: number | null) => id === null || known.has(key(tenant, id))
    for (const { tenant, referred_by } of rows.customers) expect(isKnown(customers, tenant, referred_by)).toBe(true)
    for (const { tenant, customer_id } of rows.orders) expect(isKnown(customers, tenant, customer_id)).toBe(true)
    for (const { tenant, order_id, product_id } of rows.order_lines) {
      expect(isKnown(orders, tenant, order_id)).toBe(true)
      expect(isKnown(products, tenant, product_id)).toBe(true)
    }
    for (const { tenant, order_id, customer_id } of rows.web_sessions) {
      expect(isKnown(orders, tenant, order_id)).toBe(true)
      expect(isKnown(customers, tenant, customer_id)).toBe(true)
    }
  })

  it('add up to the cent', () => {
    const lines = Map.groupBy(rows.order_lines, ({ tenant, order_id }) => key(tenant, order_id))
    for (const { tenant, order_id, discount, shipping, total } of rows.orders) {
      const ofOrder = lines.get(key(tenant, order_id)) ?? []
      for (const line of ofOrder) expect(line.line_total).toBe(line.quantity * line.unit_price)
      expect(total).toBe(ofOrder.reduce((sum, { line_total }) => sum + line_total, 0) - discount + shipping)
      expect(ofOrder.length).toBeGreaterThan(0)
    }
    expect([...rows.orders, ...rows.order_lines].flatMap(Object.values).filter((each) => Number.isNaN(each))).toEqual(
      [],
    )
  })

  it('stay within three years, in an order that makes sense', () => {
    const signedUp = new Map(rows.customers.map((each) => [key(each.tenant, each.customer_id), each.signed_up_on]))
    for (const { tenant, customer_id, ordered_at, status, delivered_on } of rows.orders) {
      const orderedOn = Math.floor(ordered_at / 86_400)
      expect(orderedOn).toBeGreaterThanOrEqual(Math.max(FIRST_DAY, signedUp.get(key(tenant, customer_id)) ?? 0))
      expect(orderedOn).toBeLessThanOrEqual(LAST_DAY)
      expect(delivered_on === null).toBe(status !== 'delivered')
      if (delivered_on !== null) expect(delivered_on).toBeGreaterThanOrEqual(orderedOn)
    }
    for (const { returned_quantity, returned_on, quantity } of rows.order_lines) {
      expect(returned_on === null).toBe(returned_quantity === 0)
      expect(returned_quantity).toBeLessThanOrEqual(quantity)
    }
  })

  it('have seasons, growth, regulars, guests, returns and a bad month', () => {
    const ofExample = rows.orders.filter(({ tenant }) => tenant === 'example')
    expect(count(ofExample, orderedIn('2024-05'))).toBeGreaterThan(1.4 * count(ofExample, orderedIn('2024-01')))
    expect(count(ofExample, orderedIn('2025'))).toBeGreaterThan(1.15 * count(ofExample, orderedIn('2023')))
    expect(count(ofExample, orderedIn('2024-10'))).toBeLessThan(0.7 * count(ofExample, orderedIn('2023-10')))
    const fire = SHOPS[0]?.warehouseFire
    const isWhileClosed = ({ ordered_at }: Order) =>
      fire !== undefined && ordered_at >= fire.from * 86_400 && ordered_at < fire.reopened * 86_400
    expect(count(ofExample, isWhileClosed)).toBe(0)

    const byCustomer = Map.groupBy(rows.orders, ({ tenant, customer_id }) => key(tenant, customer_id))
    expect([...byCustomer.values()].filter(({ length }) => length > 3).length).toBeGreaterThan(100)
    expect(count(rows.orders, ({ customer_id }) => customer_id === null)).toBeGreaterThan(100)
    expect(rows.order_lines.filter(({ returned_quantity }) => returned_quantity > 0).length).toBeGreaterThan(300)
    expect(rows.products.filter(({ launched_on }) => launched_on >= FIRST_DAY).length).toBeGreaterThan(50)
  })

  it('become dearer in March 2024', () => {
    const rise = day('2024-03-01')
    expect(rise).toBe(PRICE_RISE)
    const orders = new Map(rows.orders.map((order) => [key(order.tenant, order.order_id), order]))
    const paidBefore = new Map<string, number>()
    for (const { tenant, order_id, product_id, unit_price } of rows.order_lines) {
      const article = key(tenant, product_id)
      if ((orders.get(key(tenant, order_id))?.ordered_at ?? 0) < rise * 86_400)
        paidBefore.set(article, Math.max(paidBefore.get(article) ?? 0, unit_price))
    }
    const ratios = rows.products.flatMap(({ tenant, product_id, list_price }) => {
      const before = paidBefore.get(key(tenant, product_id))
      return before !== undefined && list_price > 10_000 ? [list_price / before] : []
    })
    expect(ratios.length).toBeGreaterThan(50)
    expect(ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)]).toBeCloseTo(1.06, 1)
  })
})
