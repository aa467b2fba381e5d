import type { IncomingHttpHeaders } from 'node:http'
import { AwsError } from '../aws-error.ts'
import type { StoredObject } from './object-store.ts'

/** How an object is answered. */
export interface ReadAnswer {
  readonly status: 200 | 206 | 304
  readonly headers: Readonly<Record<string, string>>
  /** Bytes of it, the last one included; absent: none. */
  readonly range?: { readonly first: number; readonly last: number }
}

/** What a signed request may have an answer's header be: `response-content-type=…`. */
const OVERRIDES = [
  'content-type',
  'content-disposition',
  'content-encoding',
  'content-language',
  'cache-control',
  'expires',
]

/**
 * GetObject and HeadObject: conditions (RFC 9110 §13), a range (§14), headers.
 * @throws AwsError PreconditionFailed, InvalidRange
 */
export function readObject(
  object: StoredObject,
  headers: IncomingHttpHeaders,
  query: ReadonlyMap<string, string>,
): ReadAnswer {
  const { etag, size, modifiedAt } = object
  if (headers['if-match'] !== undefined && !names(headers['if-match'], etag))
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412)
  const about = {
    etag,
    'last-modified': new Date(modifiedAt).toUTCString(),
    'x-amz-server-side-encryption': 'AES256',
  }
  if (headers['if-none-match'] !== undefined && names(headers['if-none-match'], etag))
    return { status: 304, headers: about }
  const range = rangeOf(headers.range, size)
  const overrides = OVERRIDES.flatMap((name) => {
    const value = query.get(`response-${name}`)
    return value === undefined ? [] : [[name, value] as const]
  })
  // The checksum is of the whole.
  const kept = Object.entries(object.headers).filter(([name]) => !range || !name.startsWith('x-amz-checksum-'))
  const first = range?.first ?? 0
  const last = range?.last ?? size - 1
  return {
    status: range ? 206 : 200,
    headers: {
      ...about,
      ...Object.fromEntries([...kept, ...overrides]),
      'accept-ranges': 'bytes',
      'content-length': String(last - first + 1),
      ...(range && { 'content-range': `bytes ${first}-${last}/${size}` }),
    },
    ...(last >= first && { range: { first, last } }),
  }
}

function names(header: string, etag: string): boolean {
  return header.split(',').some((each) => ['*', etag, etag.slice(1, -1)].includes(each.trim()))
}

/** One range; S3 answers the whole where it does not understand the header. */
function rangeOf(header: string | undefined, size: number): { first: number; last: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (from === '' && to === '') return undefined
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (first > last) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416)
  return { first, last }
}
