/** Whether the runtime knows an IANA time zone of this name; bare offsets are not zones. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/**
 * Where an RFC 3339 time's offset is not the zone's at that instant, the offset the zone has; otherwise undefined.
 * `Z` agrees with every zone: it states the instant alone (RFC 9557 §2.1).
 */
export function offsetMismatch(time: string, timeZone: string): string | undefined {
  if (/z$/i.test(time)) return undefined
  const expected = offsetAt(Date.parse(time), timeZone)
  return time.endsWith(expected) ? undefined : expected
}

/** The zone's offset at an instant as RFC 3339 writes it: `+02:00`. */
function offsetAt(instant: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(instant)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const offset = name.replace('GMT', '').slice(0, 6)
  return offset === '' ? '+00:00' : offset
}
