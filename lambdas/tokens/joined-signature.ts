/** Bytes of each of the two numbers. */
const LENGTH = 32

/**
 * A P-256 signature as JWS wants it, `r` and `s` one after the other (RFC 7518 §3.4), from the DER that Node makes
 * (RFC 3279 §2.2.3). Node can do that, too: `dsaEncoding: 'ieee-p1363'` takes longer than signing.
 * @param der a SEQUENCE of two INTEGERs; for P-256 every length is one byte
 */
export function joinedSignature(der: Buffer): Buffer {
  const joined = Buffer.alloc(2 * LENGTH)
  let start = 2
  for (const end of [LENGTH, 2 * LENGTH]) {
    const next = start + 2 + der.readUInt8(start + 1)
    // An INTEGER is as short as it can be, and has a zero in front where it would be negative.
    const digits = der.subarray(Math.max(start + 2, next - LENGTH), next)
    digits.copy(joined, end - digits.length)
    start = next
  }
  return joined
}
