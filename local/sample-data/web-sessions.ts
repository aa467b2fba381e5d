import type { CalendarDay } from './calendar.ts'
import type { Clientele } from './clientele.ts'
import type { Random } from './random.ts'
import type { Order, WebSession } from './rows.ts'
import { secondOfDay } from './time-of-day.ts'

/** Orders that no visit led to, as far as can be seen: somebody blocks what counts. */
const UNSEEN = 0.06

/** A visit that ended with an order in the web shop or app. */
export function orderSession(
  order: Order,
  today: CalendarDay,
  random: Random,
): Omit<WebSession, 'session_id'> | undefined {
  if (random.chance(UNSEEN)) return undefined
  const pages = random.bell(4, 26)
  const seconds = Math.min(pages * random.integer(20, 70), order.ordered_at - today.day * 86_400)
  return {
    ...origin(order.channel === 'app', today, random),
    tenant: order.tenant,
    customer_id: order.customer_id,
    started_at: order.ordered_at - seconds,
    pages,
    seconds,
    added_to_cart: true,
    reached_checkout: true,
    order_id: order.order_id,
  }
}

/** A visit that led to nothing. */
export function visit(
  tenant: string,
  clientele: Clientele,
  today: CalendarDay,
  random: Random,
): Omit<WebSession, 'session_id'> {
  const pages = random.chance(0.38) ? 1 : random.bell(2, 14)
  const added_to_cart = pages > 2 && random.chance(0.24)
  return {
    ...origin(random.chance(0.2), today, random),
    tenant,
    customer_id: random.chance(0.22) ? (clientele.lookAround(random)?.customer_id ?? null) : null,
    started_at: today.day * 86_400 + secondOfDay('web', random),
    pages,
    seconds: pages === 1 ? null : pages * random.integer(12, 60),
    added_to_cart,
    reached_checkout: added_to_cart && random.chance(0.4),
    order_id: null,
  }
}

function origin(isApp: boolean, { progress, isBlackWeek }: CalendarDay, random: Random) {
  if (isApp)
    return {
      device: random.weighted({ phone: 88, tablet: 12 }),
      source: random.weighted({ direct: 70, email: 22, social: 8 }),
    }
  return {
    device: random.weighted({ phone: 44 + 12 * progress, desktop: 46 - 12 * progress, tablet: 10 }),
    source: random.weighted({ search: 40, direct: 18, email: isBlackWeek ? 30 : 10, social: 11, ads: 14, partner: 7 }),
  }
}
