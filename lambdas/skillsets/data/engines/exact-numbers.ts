import type { Value } from '../table.ts'

/** An integer from its digits; those that a double would change stay digits. */
export function integerOf(digits: string): number | string {
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : digits
}

/** A float from its text; NaN and the infinities, which JSON lacks, stay text. */
export function floatOf(text: string): number | string {
  return Number.isFinite(Number(text)) ? Number(text) : text
}

/** JSON with its numbers as text where a double would change them: nobody says whether one was a decimal. */
export function parseExactJson(text: string): Value {
  return parseJson(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? numberOf(source) : value,
  )
}

function numberOf(text: string): number | string {
  if (/^-?\d+$/.test(text)) return integerOf(text)
  return String(Number(text)) === text || isSure(text) ? Number(text) : text
}

/** Decimal digits that a double always keeps, but for the very great and the very small. */
const SURE_DIGITS = 15
const LEAST_NORMAL = 2 ** -1022

function isSure(text: string): boolean {
  const digits = text.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '').length
  const size = Math.abs(Number(text))
  return digits === 0 || (digits <= SURE_DIGITS && size >= LEAST_NORMAL && size <= Number.MAX_VALUE)
}

/** Node's JSON, which TypeScript's library does not know whole yet. */
const { parse: parseJson } = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: Value, context: { source?: string }) => Value): Value
}
