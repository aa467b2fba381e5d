import type { CalendarDay } from './calendar.ts'
import type { Channel } from './rows.ts'
import type { Shop } from './shops.ts'

/** How many orders a day of full scale is expected to bring: season, week, growth, black week, and the bad month. */
export function demand(shop: Shop, today: CalendarDay): number {
  const { warehouseFire: fire } = shop
  const isClosed = fire !== undefined && today.day >= fire.from && today.day < fire.reopened
  if (isClosed) return 0
  const isBad = fire !== undefined && today.day >= fire.reopened && today.day < fire.over
  return interest(shop, today) * (isBad ? 0.45 : 1)
}

/** How many visits without an order it is expected to bring: people look whether the shop is open again. */
export function visits(shop: Shop, today: CalendarDay): number {
  const { web, app, store, phone } = channels(shop, today)
  return interest(shop, today) * shop.visitsPerOrder * ((web + app) / (web + app + store + phone))
}

/** How orders come in, by weight. */
export function channels(
  { storeClosedOnSunday }: Shop,
  { weekday, isHoliday, progress }: CalendarDay,
): Readonly<Record<Channel, number>> {
  const isStoreClosed = isHoliday || (storeClosedOnSunday && weekday === 0)
  return { web: 54, app: 12 + 16 * progress, store: isStoreClosed ? 0 : 26 - 7 * progress, phone: isHoliday ? 0 : 6 }
}

function interest({ ordersPerDay, growth, week, categories }: Shop, { month, weekday, ...today }: CalendarDay): number {
  const lines = Object.values(categories)
  const articles = lines.reduce((sum, line) => sum + line.articles, 0)
  const season = lines.reduce((sum, line) => sum + line.articles * (line.season[month] ?? 1), 0) / articles
  const grown = (1 + (growth - 1) * today.progress) / ((1 + growth) / 2)
  const special = today.isBlackWeek ? 1.8 : today.isHoliday ? 0.5 : 1
  return ordersPerDay * (0.4 + 0.6 * season) * (week[weekday] ?? 1) * grown * special
}
