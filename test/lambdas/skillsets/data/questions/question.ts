import type { SampleRows } from '../../../../../local/sample-data/rows.ts'

/** A cell as `table.ts` has it: decimals are digits, dates ISO 8601. */
export type Cell = string | number | boolean | null

export interface Question {
  readonly question: string
  /** The same for every engine, or one for each. */
  readonly sql: string | { readonly duckdb: string; readonly postgres: string }
  /** The answer for one shop, found without SQL. */
  readonly expected: (shop: Shop) => Cell[][]
}

type Order = SampleRows['orders'][number]
type Line = SampleRows['order_lines'][number]
type Product = SampleRows['products'][number]
type Customer = SampleRows['customers'][number]

/** One tenant's rows, and how they hang together. */
export interface Shop {
  readonly orders: readonly Order[]
  readonly lines: readonly Line[]
  readonly products: readonly Product[]
  readonly customers: readonly Customer[]
  readonly sessions: SampleRows['web_sessions']
  /** Orders that were not cancelled. */
  readonly sold: readonly Order[]
  /** Lines of those. */
  readonly soldLines: readonly Line[]
  order(id: number): Order
  product(id: number): Product
  linesOf(order: Order): readonly Line[]
  /** A customer's orders, cancelled ones too, the oldest first. */
  ordersOf(customer: Customer): readonly Order[]
}

export function shopOf(rows: SampleRows, tenant: string): Shop {
  const own = <Row extends { readonly tenant: string }>(all: readonly Row[]) =>
    all.filter((row) => row.tenant === tenant)
  const [orders, lines, products] = [own(rows.orders), own(rows.order_lines), own(rows.products)]
  const orderById = new Map(orders.map((order) => [order.order_id, order]))
  const productById = new Map(products.map((product) => [product.product_id, product]))
  const linesByOrder = Map.groupBy(lines, ({ order_id }) => order_id)
  const ordersByCustomer = Map.groupBy(orders, ({ customer_id }) => customer_id)
  const order = (id: number) => orderById.get(id) as Order
  return {
    orders,
    lines,
    products,
    customers: own(rows.customers),
    sessions: own(rows.web_sessions),
    sold: orders.filter(({ status }) => status !== 'cancelled'),
    soldLines: lines.filter(({ order_id }) => order(order_id).status !== 'cancelled'),
    order,
    product: (id) => productById.get(id) as Product,
    linesOf: ({ order_id }) => linesByOrder.get(order_id) ?? [],
    ordersOf: ({ customer_id }) => ordersByCustomer.get(customer_id) ?? [],
  }
}
