/** Digits with a fixed number of decimals, exactly: `12.50` is 1250 with scale 2. */
export interface Exact {
  readonly digits: bigint
  readonly scale: number
}

const NUMBER = /^([+-]?)(\d+)(?:\.(\d+))?$/

/** @returns undefined for what is no plain decimal number, such as `NaN` */
export function parseExact(value: string | number): Exact | undefined {
  const [, sign, whole, decimals = ''] = NUMBER.exec(String(value)) ?? []
  if (whole === undefined) return undefined
  const digits = BigInt(whole + decimals)
  return { digits: sign === '-' ? -digits : digits, scale: decimals.length }
}

/** With zeros appended, so that digits of one scale can be added and compared. */
export function digitsAt(scale: number, value: Exact): bigint {
  return value.digits * 10n ** BigInt(scale - value.scale)
}

/** `numerator / divisor`, rounded half away from zero to `decimals` more decimals than the numerator has. */
export function divide(numerator: Exact, divisor: bigint, decimals: number): Exact {
  const scaled = numerator.digits * 10n ** BigInt(decimals)
  const half = scaled < 0n ? -divisor / 2n : divisor / 2n
  return { digits: (scaled + half) / divisor, scale: numerator.scale + decimals }
}

/** With all its decimals. */
export function exactText({ digits, scale }: Exact): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const whole = text.slice(0, text.length - scale)
  return `${digits < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${text.slice(-scale)}`}`
}
