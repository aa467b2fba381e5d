/** Days since 1970-01-01 of `2024-03-01`. */
export const day = (date: string): number => Date.parse(date) / 86_400_000

/** The sample's first day. */
export const FIRST_DAY = day('2023-01-01')
/** The sample's last day. */
export const LAST_DAY = day('2025-12-31')

export interface CalendarDay {
  readonly day: number
  /** 0 is January. */
  readonly month: number
  /** 0 is Sunday. */
  readonly weekday: number
  /** From 0 on the first day to 1 on the last. */
  readonly progress: number
  readonly isBlackWeek: boolean
  /** New Year's Day and Christmas: stores are closed. */
  readonly isHoliday: boolean
}

/** What a day since 1970-01-01 is. */
export function calendarDay(day: number): CalendarDay {
  const date = new Date(day * 86_400_000)
  const [month, dayOfMonth] = [date.getUTCMonth(), date.getUTCDate()]
  return {
    day,
    month,
    weekday: date.getUTCDay(),
    progress: (day - FIRST_DAY) / (LAST_DAY - FIRST_DAY),
    isBlackWeek: month === 10 && dayOfMonth >= 22 && dayOfMonth <= 28,
    isHoliday: (month === 0 && dayOfMonth === 1) || (month === 11 && (dayOfMonth === 25 || dayOfMonth === 26)),
  }
}
