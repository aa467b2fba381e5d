/**
 * The rows of the sample, by the names of their columns (lambdas/skillsets/data/sample/tables.ts). Money is in whole
 * cents, a date in days and a timestamp in seconds since 1970-01-01, so that everything adds up exactly.
 */
export interface Customer {
  readonly tenant: string
  readonly customer_id: number
  readonly name: string
  readonly segment: 'consumer' | 'business' | 'trade'
  readonly country: string
  readonly city: string
  readonly birth_year: number | null
  readonly newsletter: boolean
  readonly referred_by: number | null
  readonly signed_up_on: number
}

export interface Product {
  readonly tenant: string
  readonly product_id: number
  readonly sku: string
  readonly name: string
  readonly category: string
  readonly brand: string | null
  readonly list_price: number
  readonly unit_cost: number
  readonly weight_kg: number | null
  readonly launched_on: number
  readonly discontinued_on: number | null
}

export type Channel = 'web' | 'app' | 'store' | 'phone'

export interface Order {
  readonly tenant: string
  readonly order_id: number
  readonly customer_id: number | null
  readonly ordered_at: number
  readonly channel: Channel
  readonly status: 'delivered' | 'shipped' | 'cancelled'
  readonly country: string
  readonly currency: string
  readonly coupon: string | null
  readonly discount: number
  readonly shipping: number
  readonly total: number
  readonly delivered_on: number | null
}

export interface OrderLine {
  readonly tenant: string
  readonly order_id: number
  readonly line_number: number
  readonly product_id: number
  readonly quantity: number
  readonly unit_price: number
  readonly line_total: number
  readonly returned_quantity: number
  readonly returned_on: number | null
}

export interface WebSession {
  readonly tenant: string
  readonly session_id: number
  readonly customer_id: number | null
  readonly started_at: number
  readonly device: 'phone' | 'desktop' | 'tablet'
  readonly source: 'search' | 'direct' | 'email' | 'social' | 'ads' | 'partner'
  readonly pages: number
  readonly seconds: number | null
  readonly added_to_cart: boolean
  readonly reached_checkout: boolean
  readonly order_id: number | null
}

/** Rows by table. */
export interface SampleRows {
  readonly customers: readonly Customer[]
  readonly products: readonly Product[]
  readonly orders: readonly Order[]
  readonly order_lines: readonly OrderLine[]
  readonly web_sessions: readonly WebSession[]
}
