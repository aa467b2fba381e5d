import { articlesOfDay, companionsOf, makeAssortment } from './assortment.ts'
import { type CalendarDay, calendarDay, FIRST_DAY, LAST_DAY } from './calendar.ts'
import { Clientele } from './clientele.ts'
import { channels, demand, visits } from './demand.ts'
import { makeOrder, type Purchase, type ShopDay } from './orders.ts'
import { Random } from './random.ts'
import type { Channel, Customer, SampleRows, WebSession } from './rows.ts'
import { SHOPS, type Shop } from './shops.ts'
import { secondOfDay } from './time-of-day.ts'
import { orderSession, visit } from './web-sessions.ts'

/**
 * A shop's rows, day by day: the same on every machine.
 * @param scale 1 for the sample as it is, some million rows of both shops; less for fewer people, never fewer products
 */
export function* generateRows(shop: Shop, scale: number): Generator<SampleRows> {
  const random = new Random(`${shop.tenant}/days`)
  const clientele = new Clientele(shop)
  const assortment = makeAssortment(shop)
  const companionOf = companionsOf(assortment)
  const earlyCustomers = clientele.signUpEarly(Math.ceil(shop.ordersPerDay * scale * 25))
  yield {
    ...NOTHING,
    products: assortment.map(({ row }) => row),
    customers: earlyCustomers,
  }

  let orderId = 0
  let sessionId = 0
  for (let day = FIRST_DAY; day <= LAST_DAY; day++) {
    const today = calendarDay(day)
    const shopDay: ShopDay = { shop, today, random, pick: articlesOfDay(assortment, today), companionOf }
    const customers: Customer[] = []
    const purchases = Array.from({ length: random.about(demand(shop, today) * scale) }, () => {
      const purchase = arrive(shop, today, clientele, random)
      if (purchase.isFirst && purchase.customer) customers.push(purchase.customer)
      return purchase
    }).sort((a, b) => a.ordered_at - b.ordered_at)
    for (let onlookers = random.about(0.1 * customers.length); onlookers > 0; onlookers--)
      customers.push(clientele.signUp(day))

    const sold = purchases.map((purchase) => makeOrder({ ...purchase, order_id: ++orderId }, shopDay))
    const online = sold.filter(({ order }) => isOnline(order.channel))
    const sessions = [
      ...online.flatMap(({ order }) => orderSession(order, today, random) ?? []),
      ...Array.from({ length: random.about(visits(shop, today) * scale) }, () =>
        visit(shop.tenant, clientele, today, random),
      ),
    ].sort((a, b) => a.started_at - b.started_at)
    yield {
      ...NOTHING,
      customers,
      orders: sold.map(({ order }) => order),
      order_lines: sold.flatMap(({ lines }) => lines),
      web_sessions: sessions.map((session): WebSession => ({ ...session, session_id: ++sessionId })),
    }
  }
}

/** Who orders, when and how: somebody new, a guest or a regular. */
function arrive(shop: Shop, today: CalendarDay, clientele: Clientele, random: Random): Omit<Purchase, 'order_id'> {
  const channel = random.weighted(channels(shop, today))
  const ordered_at = today.day * 86_400 + secondOfDay(channel, random)
  const isFirst = random.chance(0.42 - 0.18 * today.progress)
  const isGuest = !isFirst && random.chance(0.2)
  const customer = isFirst ? clientele.signUp(today.day) : isGuest ? undefined : clientele.buyAgain()
  return { ordered_at, channel, customer, isFirst }
}

/** All rows of both shops, in memory. */
export function collectRows(scale: number): SampleRows {
  const all = { customers: [], products: [], orders: [], order_lines: [], web_sessions: [] } as {
    [Table in keyof SampleRows]: SampleRows[Table][number][]
  }
  for (const shop of SHOPS)
    for (const part of generateRows(shop, scale))
      for (const table of Object.keys(all) as (keyof SampleRows)[])
        for (const row of part[table]) (all[table] as (typeof row)[]).push(row)
  return all
}

const NOTHING: SampleRows = { customers: [], products: [], orders: [], order_lines: [], web_sessions: [] }

const isOnline = (channel: Channel): boolean => channel === 'web' || channel === 'app'
