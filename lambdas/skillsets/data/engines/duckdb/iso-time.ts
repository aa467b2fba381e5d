import { isoYear } from '../iso-year.ts'

const SECONDS_OF_DAY = 86_400

/** Days since 1970-01-01 as `2026-01-31`; years outside 0000 to 9999 as ISO 8601 has them: `-000043-03-15`. */
export function isoDate(days: number): string {
  // Howard Hinnant's civil_from_days: years begin in March, 400 of them have 146,097 days. Date ends at the year 275,760.
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = whole(
    (dayOfEra - whole(dayOfEra / 1_460) + whole(dayOfEra / 36_524) - whole(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + whole(yearOfEra / 4) - whole(yearOfEra / 100))
  const monthFromMarch = whole((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - whole((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${isoYear(year)}-${digits(month, 2)}-${digits(day, 2)}`
}

/** Units since midnight as `09:30:00` or `09:30:00.25`. */
export function isoTime(units: number, unitsPerSecond: number): string {
  const seconds = whole(units / unitsPerSecond)
  const parts = [whole(seconds / 3_600), whole(seconds / 60) % 60, seconds % 60]
  return parts.map((part) => digits(part, 2)).join(':') + fraction(units % unitsPerSecond, unitsPerSecond)
}

/** Units since 1970 as `2026-01-31T09:30:00`. */
export function isoTimestamp(units: bigint, unitsPerSecond: number): string {
  const unitsOfDay = BigInt(SECONDS_OF_DAY * unitsPerSecond)
  const rest = ((units % unitsOfDay) + unitsOfDay) % unitsOfDay
  return `${isoDate(Number((units - rest) / unitsOfDay))}T${isoTime(Number(rest), unitsPerSecond)}`
}

/** Seconds east of Greenwich as `+02:00`. */
export function isoOffset(seconds: number): string {
  const ahead = Math.abs(seconds)
  const parts = [whole(ahead / 3_600), whole(ahead / 60) % 60, ...(ahead % 60 ? [ahead % 60] : [])]
  return (seconds < 0 ? '-' : '+') + parts.map((part) => digits(part, 2)).join(':')
}

/** An ISO 8601 duration, its parts signed by themselves: `P1Y2M-3DT4H5M6.5S`. */
export function isoDuration(months: number, days: number, micros: bigint): string {
  const sign = micros < 0n ? '-' : ''
  const clock = micros < 0n ? -micros : micros
  const seconds = `${(clock / 1_000_000n) % 60n}${fraction(Number(clock % 1_000_000n), 1_000_000)}`
  const date = [part('', Math.trunc(months / 12), 'Y'), part('', months % 12, 'M'), part('', days, 'D')].join('')
  const time = [
    part(sign, clock / 3_600_000_000n, 'H'),
    part(sign, (clock / 60_000_000n) % 60n, 'M'),
    part(sign, seconds === '0' ? 0 : seconds, 'S'),
  ].join('')
  if (date + time === '') return 'PT0S'
  return `P${date}${time && `T${time}`}`
}

const whole = Math.trunc
const digits = (value: number, length: number) => String(value).padStart(length, '0')
const part = (sign: string, value: number | bigint | string, unit: string) => (value ? `${sign}${value}${unit}` : '')

function fraction(units: number, unitsPerSecond: number): string {
  if (units === 0) return ''
  return `.${digits(units, Math.log10(unitsPerSecond)).replace(/0+$/, '')}`
}
