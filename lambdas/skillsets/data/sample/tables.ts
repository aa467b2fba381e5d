/** A column of the sample, in DuckDB’s words. */
export interface SampleColumn {
  readonly type: 'text' | 'int' | 'boolean' | 'double' | 'date' | 'timestamp' | 'decimal(12,2)'
  readonly comment?: string
  readonly unit?: string
}

export interface SampleTable {
  readonly title: string
  readonly description: string
  readonly columns: Readonly<Record<string, SampleColumn>>
}

const tenant: SampleColumn = { type: 'text', comment: 'Whose row it is: the first part of every key.' }
const euro = (comment: string): SampleColumn => ({ type: 'decimal(12,2)', unit: 'EUR', comment })

/**
 * The retail sample: two shops' customers, products, orders and visits from 2023 to 2025. Keys are unique within a
 * tenant, `tenant` comes first in every table, and columns are in the order in which they are written.
 */
export const SAMPLE_TABLES = {
  customers: {
    title: 'Customers',
    description: 'One row for each registered customer, with sign-up date, country and segment. Key: customer_id.',
    columns: {
      tenant,
      customer_id: { type: 'int' },
      name: { type: 'text', comment: 'Made up.' },
      segment: { type: 'text', comment: 'consumer, business or trade.' },
      country: { type: 'text', comment: 'ISO 3166-1 alpha-2, such as DE.' },
      city: { type: 'text' },
      birth_year: { type: 'int', comment: 'NULL where it was not given, and for most businesses.' },
      newsletter: { type: 'boolean', comment: 'Whether they take the newsletter.' },
      referred_by: { type: 'int', comment: 'customer_id of who recommended the shop; NULL for most.' },
      signed_up_on: { type: 'date' },
    },
  },
  products: {
    title: 'Products',
    description:
      'One row for each article ever sold, with category, brand, list price and cost. Key: product_id. Some were launched late, some are no longer sold.',
    columns: {
      tenant,
      product_id: { type: 'int' },
      sku: { type: 'text', comment: 'The article number on the label.' },
      name: { type: 'text' },
      category: { type: 'text' },
      brand: { type: 'text', comment: 'NULL for articles without a brand.' },
      list_price: euro('Price in the catalogue at the end of 2025; what was paid is order_lines.unit_price.'),
      unit_cost: euro('What the shop pays for one.'),
      weight_kg: { type: 'double', unit: 'kg', comment: 'With packaging; NULL where nobody has weighed it.' },
      launched_on: { type: 'date', comment: 'First day in the catalogue; before 2023 for most.' },
      discontinued_on: { type: 'date', comment: 'First day on which it is no longer sold; NULL where it still is.' },
    },
  },
  orders: {
    title: 'Orders',
    description:
      'One row for each order from 2023-01-01 to 2025-12-31. Key: order_id. total = sum of order_lines.line_total - discount + shipping. Cancelled orders keep their amounts: leave them out of revenue.',
    columns: {
      tenant,
      order_id: { type: 'int', comment: 'Rises with time.' },
      customer_id: { type: 'int', comment: 'NULL where somebody ordered as a guest.' },
      ordered_at: { type: 'timestamp', comment: 'Local time of the shop.' },
      channel: { type: 'text', comment: 'web, app, store or phone.' },
      status: { type: 'text', comment: 'delivered, shipped (on its way) or cancelled.' },
      country: { type: 'text', comment: 'Where it was sent, ISO 3166-1 alpha-2.' },
      currency: { type: 'text', comment: 'What the customer paid in; all amounts are in EUR none the less.' },
      coupon: { type: 'text', comment: 'The code that gave the discount; NULL where there is none.' },
      discount: euro('Taken off the whole order.'),
      shipping: euro('Charged for delivery.'),
      total: euro('What was paid.'),
      delivered_on: { type: 'date', comment: 'NULL where it was not delivered.' },
    },
  },
  order_lines: {
    title: 'Order lines',
    description:
      'One row for each article of an order. Key: order_id, line_number. line_total = quantity * unit_price. What came back stands in returned_quantity.',
    columns: {
      tenant,
      order_id: { type: 'int' },
      line_number: { type: 'int', comment: 'From 1 within its order.' },
      product_id: { type: 'int' },
      quantity: { type: 'int' },
      unit_price: euro('Paid for one, at the time of the order.'),
      line_total: euro('Before the discount of the order.'),
      returned_quantity: { type: 'int', comment: 'How many were sent back, 0 for most.' },
      returned_on: { type: 'date', comment: 'NULL where nothing was sent back.' },
    },
  },
  web_sessions: {
    title: 'Web sessions',
    description:
      'One row for each visit to the web shop or app, with where it came from and how far it went: cart, checkout, order. Key: session_id.',
    columns: {
      tenant,
      session_id: { type: 'int', comment: 'Rises with time.' },
      customer_id: { type: 'int', comment: 'NULL where nobody was signed in.' },
      started_at: { type: 'timestamp', comment: 'Local time of the shop.' },
      device: { type: 'text', comment: 'phone, desktop or tablet.' },
      source: { type: 'text', comment: 'search, direct, email, social, ads or partner.' },
      pages: { type: 'int', unit: 'pages', comment: 'Pages seen.' },
      seconds: { type: 'int', unit: 's', comment: 'Time spent; NULL where only one page was seen.' },
      added_to_cart: { type: 'boolean' },
      reached_checkout: { type: 'boolean' },
      order_id: { type: 'int', comment: 'The order that it ended with; NULL for most.' },
    },
  },
} as const satisfies Readonly<Record<string, SampleTable>>

export type SampleTableName = keyof typeof SAMPLE_TABLES
