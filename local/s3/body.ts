import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { crc32 } from 'node:zlib'
import { AwsError } from '../aws-error.ts'

/** What the SDK says of a body where it signs none of it. */
const UNSIGNED = 'UNSIGNED-PAYLOAD'
/** In chunks, with a checksum behind them. */
const CHUNKED = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

const CHECKSUMS: Readonly<Record<string, (body: Uint8Array) => string>> = {
  'x-amz-checksum-crc32': (body) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(crc32(body))
    return bytes.toString('base64')
  },
  'x-amz-checksum-sha256': (body) => createHash('sha256').update(body).digest('base64'),
}

/**
 * An upload's bytes, as they are to be kept, once they are what the request says of them.
 * @returns also the checksums, which come back with the object
 * @throws AwsError where they are not, or are signed chunk by chunk
 */
export function readUpload(
  body: Buffer,
  headers: IncomingHttpHeaders,
): { content: Buffer; checksums: Record<string, string> } {
  const signed = String(headers['x-amz-content-sha256'] ?? UNSIGNED)
  if (signed.startsWith('STREAMING-') && signed !== CHUNKED)
    throw new AwsError('NotImplemented', `x-amz-content-sha256: ${signed} is not supported on one machine`, 501)
  const { content, trailers } = signed === CHUNKED ? unchunk(body) : { content: body, trailers: {} }
  if (signed !== CHUNKED && signed !== UNSIGNED && signed !== createHash('sha256').update(body).digest('hex'))
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
  const length = headers['x-amz-decoded-content-length']
  if (length !== undefined && Number(length) !== content.length)
    throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly')
  const given = Object.entries({ ...headers, ...trailers }).filter(([name]) =>
    /^x-amz-checksum-(?!type|mode)/.test(name),
  )
  const checksums = Object.fromEntries(given.map(([name, value]) => [name, String(value)]))
  for (const [name, value] of Object.entries(checksums)) {
    const compute = CHECKSUMS[name]
    if (compute === undefined) throw new AwsError('NotImplemented', `${name} is not supported on one machine`, 501)
    if (compute(content) !== value)
      throw new AwsError(
        'BadDigest',
        `The ${name.slice('x-amz-checksum-'.length)} you specified did not match the calculated checksum.`,
      )
  }
  return { content, checksums }
}

/** `aws-chunked`: `<length in hex>[;…]\r\n<bytes>\r\n`, a chunk of no length, then trailers. */
function unchunk(body: Buffer): { content: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const end = body.indexOf('\r\n', at)
    const length = Number.parseInt(body.toString('latin1', at, Math.max(at, end)), 16)
    if (end === -1 || !(length >= 0)) throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly')
    at = end + 2
    if (length === 0) break
    if (at + length + 2 > body.length) throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly')
    chunks.push(body.subarray(at, at + length))
    at += length + 2
  }
  const lines = body.toString('latin1', at).split('\r\n').filter(Boolean)
  const trailers = Object.fromEntries(
    lines.map((line) => line.split(/:(.*)/s)).map(([name = '', value = '']) => [name.toLowerCase(), value.trim()]),
  )
  return { content: Buffer.concat(chunks), trailers }
}
