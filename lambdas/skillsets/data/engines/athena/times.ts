const ZONED = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d+)? (.+)$/
const OFFSET = /^([+-])(\d{2}):(\d{2})$/

/**
 * `2026-09-17 12:34:56.789 Europe/Berlin` as `2026-09-17T10:34:56.789Z`. An hour that comes twice, in autumn, is taken as
 * the first: Athena's text does not say which.
 */
export function timestampUtc(text: string): string {
  const [, date, time, fraction = '', zone = ''] = ZONED.exec(text) ?? []
  if (date === undefined) return text
  const local = Date.parse(`${date}T${time}Z`)
  const utc = new Date(local - offsetOf(zone, local)).toISOString()
  return `${utc.slice(0, 19)}${fraction}Z`
}

/** Milliseconds that a zone's clock is ahead of UTC. */
function offsetOf(zone: string, local: number): number {
  const [, sign, hours, minutes] = OFFSET.exec(zone) ?? []
  if (sign !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
  const clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  const at = (instant: number) => {
    const name = clock
      .formatToParts(instant)
      .find(({ type }) => type === 'timeZoneName')
      ?.value.slice(3)
    return name === undefined || name === '' ? 0 : offsetOf(name, instant)
  }
  // The offset a day earlier is the one before a change that this moment may stand behind.
  const earlier = at(local - 86_400_000)
  return at(local - earlier) === earlier ? earlier : at(local - at(local))
}

/** `-2 03:04:05.678` as ISO 8601 has it: `-P2DT3H4M5.678S`. */
export function dayToSecond(text: string): string {
  const [, sign, days, hours, minutes, seconds, fraction = ''] =
    /^(-?)(\d+) (\d+):(\d+):(\d+)(\.\d*[1-9])?/.exec(text) ?? []
  if (days === undefined) return text
  const time = `${part(hours, 'H')}${part(minutes, 'M')}${fraction === '' ? part(seconds, 'S') : `${Number(seconds)}${fraction}S`}`
  const duration = `${part(days, 'D')}${time === '' ? '' : `T${time}`}`
  return `${sign}P${duration === '' ? 'T0S' : duration}`
}

/** `1-3` as `P1Y3M`. */
export function yearToMonth(text: string): string {
  const [, sign, years, months] = /^(-?)(\d+)-(\d+)$/.exec(text) ?? []
  if (years === undefined) return text
  const duration = `${part(years, 'Y')}${part(months, 'M')}`
  return `${sign}P${duration === '' ? '0M' : duration}`
}

const part = (digits: string | undefined, unit: string) => (Number(digits) === 0 ? '' : `${Number(digits)}${unit}`)
