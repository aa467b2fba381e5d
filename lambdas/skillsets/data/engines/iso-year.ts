/** A year as ISO 8601 has it: four digits, or outside 0000 to 9999 a sign and six; -43 is 44 BC. */
export function isoYear(year: number): string {
  if (year >= 0 && year <= 9_999) return String(year).padStart(4, '0')
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`
}
