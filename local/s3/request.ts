import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Caller, Callers } from '../aws-endpoint.ts'
import { AwsError } from '../aws-error.ts'
import {
  assertSigned,
  type CanonicalRequest,
  callerOf,
  parseBasicDate,
  type SignatureClaim,
  verifySignedHeaders,
} from '../signature.ts'

/** A request to S3, path-style: `/<bucket>/<key>`, as the SDK calls an address without a name. */
export interface S3Request {
  readonly method: string
  /** As it was sent, decoded. */
  readonly path: string
  readonly bucket: string
  /** Empty where the bucket itself is meant. */
  readonly key: string
  readonly query: ReadonlyMap<string, string>
  readonly headers: IncomingHttpHeaders
}

/** AWS signs URLs for a week at the most; seconds. */
const LONGEST_LINK = 604_800

/** @throws AwsError InvalidURI */
export function parseRequest({ method = '', url = '/', headers }: IncomingMessage): S3Request {
  try {
    const [encodedPath = '', search = ''] = url.split(/\?(.*)/s)
    const path = decodeURIComponent(encodedPath)
    const [, bucket = '', ...key] = path.split('/')
    const pairs = search === '' ? [] : search.split('&').map((pair) => pair.split(/=(.*)/s))
    const query = new Map(
      pairs.map(([name = '', value = '']) => [decodeURIComponent(name), decodeURIComponent(value)] as const),
    )
    return { method, path, bucket, key: key.join('/'), query, headers }
  } catch {
    throw new AwsError('InvalidURI', 'Could not parse the specified URI.')
  }
}

/**
 * Whose key signed a request, in its headers or in a presigned URL. Nobody else is let in.
 * @param now milliseconds since the epoch
 * @throws AwsError in S3's words
 */
export function authenticate(request: S3Request, callers: Callers, now: number): Caller {
  try {
    return request.query.has('X-Amz-Signature')
      ? verifyPresigned(request, callers, now)
      : verifySignedHeaders(canonical(request, String(request.headers['x-amz-content-sha256'])), 's3', callers, now)
  } catch (error) {
    throw error instanceof AwsError ? inWordsOfS3(error) : error
  }
}

/** A presigned URL: what would be in the `Authorization` header is in the query, and the body is not signed. */
function verifyPresigned(request: S3Request, callers: Callers, now: number): Caller {
  const given = (name: string) => request.query.get(`X-Amz-${name}`) ?? ''
  const [, accessKeyId = '', scope = ''] = /^([^/]+)\/(.+)$/.exec(given('Credential')) ?? []
  const claim: SignatureClaim = {
    accessKeyId,
    scope,
    signedHeaders: given('SignedHeaders'),
    signature: given('Signature'),
    date: given('Date'),
    token: given('Security-Token'),
  }
  const caller = callerOf(claim, callers)
  if (given('Algorithm') !== 'AWS4-HMAC-SHA256' || !claim.signedHeaders.split(';').includes('host'))
    throw new AwsError('AuthorizationQueryParametersError', 'X-Amz-Algorithm or X-Amz-SignedHeaders is not supported')
  const expires = Number(given('Expires'))
  if (!(expires >= 1 && expires <= LONGEST_LINK))
    throw new AwsError('AuthorizationQueryParametersError', 'X-Amz-Expires must be from 1 to 604800 seconds')
  const { query, ...rest } = request
  const signed = new Map([...query].filter(([name]) => name !== 'X-Amz-Signature'))
  assertSigned(canonical({ ...rest, query: signed }, 'UNSIGNED-PAYLOAD'), claim, 's3', caller.credentials)
  const begins = parseBasicDate(claim.date)
  // A comparison with NaN is false, so a malformed date is refused too.
  if (!(now >= begins - 60_000 && now < begins + expires * 1000))
    throw new AwsError('AccessDenied', 'Request has expired', 403)
  return caller
}

function canonical({ method, path, query, headers }: S3Request, payload: string): CanonicalRequest {
  const pairs = [...query].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).sort()
  return { method, path: path.split('/').map(encoded).join('/'), query: pairs.join('&'), headers, payload }
}

/** RFC 3986 §2.3: all but unreserved characters. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function inWordsOfS3({ type, message }: AwsError): AwsError {
  switch (type) {
    case 'MissingAuthenticationTokenException':
      return new AwsError('AccessDenied', 'Access Denied', 403)
    case 'UnrecognizedClientException':
      return new AwsError('InvalidToken', 'The provided token is malformed or otherwise invalid.')
    case 'InvalidSignatureException':
      return new AwsError('SignatureDoesNotMatch', message, 403)
    default:
      return new AwsError(type, message, type === 'AccessDenied' ? 403 : 400)
  }
}
