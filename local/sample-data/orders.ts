import { type Article, PRICE_RISE } from './assortment.ts'
import { type CalendarDay, LAST_DAY } from './calendar.ts'
import type { Random } from './random.ts'
import type { Channel, Customer, Order, OrderLine } from './rows.ts'
import type { Shop } from './shops.ts'

/** Somebody at the till. */
export interface Purchase {
  readonly order_id: number
  /** Seconds since 1970-01-01. */
  readonly ordered_at: number
  readonly channel: Channel
  /** Absent: a guest. */
  readonly customer: Customer | undefined
  readonly isFirst: boolean
}

/** How a shop sells on one day. */
export interface ShopDay {
  readonly shop: Shop
  readonly today: CalendarDay
  readonly random: Random
  readonly pick: (random: Random) => Article
  readonly companionOf: (article: Article) => Article | undefined
}

/** An order with its lines; its amounts add up to the cent. */
export function makeOrder(
  { order_id, ordered_at, channel, customer, isFirst }: Purchase,
  shopDay: ShopDay,
): { order: Order; lines: OrderLine[] } {
  const { shop, today, random } = shopDay
  const { tenant } = shop
  const country = customer?.country ?? random.weighted(shop.countries)
  const { status, delivered_on } = delivery(channel, shopDay)
  const lines = basket(shopDay).map((article, index): OrderLine => {
    const unit_price = priceOf(article, customer, today)
    const quantity = quantityOf(unit_price, customer, random)
    const returned = delivered_on === null ? undefined : returnOf(quantity, article, delivered_on, random)
    return {
      tenant,
      order_id,
      line_number: index + 1,
      product_id: article.row.product_id,
      quantity,
      unit_price,
      line_total: quantity * unit_price,
      returned_quantity: returned?.quantity ?? 0,
      returned_on: returned?.day ?? null,
    }
  })
  const sum = lines.reduce((total, { line_total }) => total + line_total, 0)
  const { coupon, discount } = reduction(sum, isFirst, shopDay)
  const shipping = shippingOf(sum - discount, channel, country, shop)
  const order: Order = {
    tenant,
    order_id,
    customer_id: customer?.customer_id ?? null,
    ordered_at,
    channel,
    status,
    country,
    currency: shop.currencies[country] ?? 'EUR',
    coupon,
    discount,
    shipping,
    total: sum - discount + shipping,
    delivered_on,
  }
  return { order, lines }
}

/** Different articles; with some come those that go well with them. */
function basket({ random, pick, companionOf }: ShopDay): Article[] {
  const articles = new Set<Article>()
  for (let left = random.pick([1, 1, 1, 2, 2, 2, 3, 3, 4, 6]); left > 0; left--) {
    const article = pick(random)
    articles.add(article)
    const companion = random.chance(0.3) ? companionOf(article) : undefined
    if (companion) articles.add(companion)
  }
  return [...articles]
}

/** Cents. Businesses pay less, and in the black week every third article does. */
function priceOf(
  { row, priceBefore }: Article,
  customer: Customer | undefined,
  { day, isBlackWeek }: CalendarDay,
): number {
  const price = day < PRICE_RISE ? priceBefore : row.list_price
  const offer = isBlackWeek && row.product_id % 3 === 0 ? 80 : 100
  const agreed = customer?.segment === 'trade' ? 88 : customer?.segment === 'business' ? 95 : 100
  return Math.floor((price * Math.min(offer, agreed)) / 100)
}

function quantityOf(unitPrice: number, customer: Customer | undefined, random: Random): number {
  if (customer?.segment === 'trade') return random.integer(1, unitPrice < 5000 ? 12 : 4)
  return unitPrice < 2000 ? random.pick([1, 1, 1, 2, 2, 3, 4]) : random.pick([1, 1, 1, 1, 1, 1, 2])
}

function delivery(channel: Channel, { shop: { warehouseFire: fire }, today: { day }, random }: ShopDay) {
  const hasLittle = fire !== undefined && day >= fire.from && day < fire.over
  if (channel === 'store') return { status: 'delivered', delivered_on: day } as const
  if (random.chance(hasLittle ? 0.22 : 0.03)) return { status: 'cancelled', delivered_on: null } as const
  const delivered_on = day + random.bell(1, 6) + (hasLittle ? random.integer(5, 14) : 0)
  return delivered_on > LAST_DAY
    ? ({ status: 'shipped', delivered_on: null } as const)
    : ({ status: 'delivered', delivered_on } as const)
}

function returnOf(bought: number, { category }: Article, deliveredOn: number, random: Random) {
  if (!random.chance(category.returns / 100)) return undefined
  const day = deliveredOn + random.bell(2, 28)
  const quantity = random.chance(0.7) ? bought : random.integer(1, bought)
  return day > LAST_DAY ? undefined : { day, quantity }
}

/** Cents off, and the code that gave them. */
function reduction(sum: number, isFirst: boolean, { today: { month, isBlackWeek }, random }: ShopDay) {
  if (isBlackWeek && random.chance(0.5)) return { coupon: 'BLACK15', discount: Math.floor((sum * 15) / 100) }
  if (isFirst && random.chance(0.4)) return { coupon: 'WELCOME10', discount: Math.floor(sum / 10) }
  if (month === 3 && sum >= 4000 && random.chance(0.2)) return { coupon: 'SPRING5', discount: 500 }
  return { coupon: null, discount: 0 }
}

function shippingOf(sum: number, channel: Channel, country: string, { countries, delivery }: Shop): number {
  if (channel === 'store' || sum >= delivery.freeFrom) return 0
  return country === Object.keys(countries)[0] ? delivery.home : delivery.abroad
}
