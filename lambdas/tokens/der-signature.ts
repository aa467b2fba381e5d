/** Bytes of each of the two numbers. */
const LENGTH = 32

/**
 * A P-256 signature as Node verifies it at once, in DER (RFC 3279 §2.2.3), from what JWS has, `r` and `s` one after the
 * other (RFC 7518 §3.4). Node would take that, too, for a third more time: `dsaEncoding: 'ieee-p1363'`.
 * @param joined 64 bytes
 */
export function derSignature(joined: Buffer): Buffer {
  const numbers = Buffer.concat([integer(joined.subarray(0, LENGTH)), integer(joined.subarray(LENGTH))])
  return Buffer.concat([Buffer.from([0x30, numbers.length]), numbers])
}

/** An INTEGER is as short as it can be, and has a zero in front where it would be negative. */
function integer(number: Buffer): Buffer {
  // There is no such digit in zero, and −1 is the last.
  const digits = number.subarray(number.findIndex((digit) => digit !== 0))
  const sign = digits.readUInt8() < 0x80 ? [] : [0]
  return Buffer.concat([Buffer.from([0x02, sign.length + digits.length, ...sign]), digits])
}
