import { isoYear } from '../../iso-year.ts'

/** A date in PostgreSQL's ISO style to ISO 8601: years before Christ and beyond 9999 with a sign and six digits. */
export function isoDate(text: string): string {
  const [, year, rest, era] = /^(\d{4,})(-\d\d-\d\d)( BC)?$/.exec(text) ?? []
  if (year === undefined) return text
  // ISO 8601 has a year 0, which is 1 BC.
  return isoYear(era === undefined ? Number(year) : 1 - Number(year)) + rest
}

/** A timestamp to RFC 3339; with an offset, which the session makes UTC, it ends in `Z`. `infinity` stays. */
export function isoTimestamp(text: string): string {
  const [, date, time, utc, era = ''] = /^(\S+) ([\d:.]+)(\+00)?( BC)?$/.exec(text) ?? []
  return date === undefined ? text : `${isoDate(date + era)}T${time}${utc ? 'Z' : ''}`
}

/** A time of day; an offset of whole hours gets its minutes. */
export function isoTime(text: string): string {
  return text.replace(/([+-]\d\d)$/, '$1:00')
}
