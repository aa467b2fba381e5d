import type { Random } from './random.ts'
import type { Channel } from './rows.ts'

/** How many come in each hour: stores are open from 9 to 20, and at home the evening is the best time. */
const STORE = [0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 6, 8, 9, 7, 7, 8, 9, 10, 8, 5, 0, 0, 0, 0]
const ONLINE = [2, 1, 1, 1, 1, 1, 2, 4, 5, 6, 6, 6, 7, 6, 6, 6, 6, 7, 8, 10, 12, 11, 8, 4]
const HOURS: Readonly<Record<Channel, readonly number[]>> = {
  web: ONLINE,
  app: ONLINE,
  store: STORE,
  phone: [0, 0, 0, 0, 0, 0, 0, 0, 6, 9, 10, 9, 6, 7, 8, 8, 7, 4, 0, 0, 0, 0, 0, 0],
}

/** A time of the day, in seconds since midnight. */
export function secondOfDay(channel: Channel, random: Random): number {
  const hours = HOURS[channel]
  let left = random.fraction() * hours.reduce((sum, share) => sum + share, 0)
  const hour = hours.findIndex((share) => {
    left -= share
    return left < 0
  })
  return hour * 3600 + random.integer(0, 3599)
}
