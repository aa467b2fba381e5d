import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { AwsError } from './aws-error.ts'
import { REGION } from './resource-types.ts'

/** What a function signs its requests with, as an execution role's temporary credentials. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** A request of a service that is called by `POST /` alone. */
export interface SignedRequest {
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

/** A request as Signature Version 4 covers it. */
export interface CanonicalRequest {
  readonly method: string
  /** Encoded as the service has it. */
  readonly path: string
  /** Sorted and encoded. */
  readonly query: string
  readonly headers: IncomingHttpHeaders
  /** SHA-256 in hex, or the word that stands for it. */
  readonly payload: string
}

/** Who claims to have signed, and what proves it: from the `Authorization` header, or a presigned URL's query. */
export interface SignatureClaim {
  readonly accessKeyId: string
  readonly scope: string
  readonly signedHeaders: string
  readonly signature: string
  readonly date: string
  readonly token: string
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/
const ALLOWED_SKEW = 5 * 60_000

export function makeCredentials(): Credentials {
  return {
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(48).toString('base64'),
  }
}

/**
 * Whose key signed the request (Signature Version 4).
 * @param service the name that the credential's scope must have
 * @param now milliseconds since the epoch
 * @throws AwsError in AWS's words
 */
export function verifySignature<Known extends { readonly credentials: Credentials }>(
  { headers, body }: SignedRequest,
  service: string,
  known: ReadonlyMap<string, Known>,
  now: number,
): Known {
  const request = { method: 'POST', path: '/', query: '', headers, payload: sha256(body) }
  return verifySignedHeaders(request, service, known, now)
}

/**
 * The same for any request whose signature is in its headers.
 * @throws AwsError in AWS's words
 */
export function verifySignedHeaders<Known extends { readonly credentials: Credentials }>(
  request: CanonicalRequest,
  service: string,
  known: ReadonlyMap<string, Known>,
  now: number,
): Known {
  const { headers } = request
  const [, accessKeyId = '', scope = '', signedHeaders = '', signature = ''] =
    AUTHORIZATION.exec(headers.authorization ?? '') ?? []
  if (signature === '')
    throw new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token')
  const date = String(headers['x-amz-date'])
  const token = String(headers['x-amz-security-token'])
  const claim = { accessKeyId, scope, signedHeaders, signature, date, token }
  const caller = callerOf(claim, known)
  const signed = signedHeaders.split(';')
  if (!['host', 'x-amz-date', 'x-amz-security-token'].every((header) => signed.includes(header)))
    throw invalid("'Host', 'X-Amz-Date' and 'X-Amz-Security-Token' must be a 'SignedHeader' in the AWS Authorization.")
  // A comparison with NaN is false, so a malformed date is refused too.
  if (!(Math.abs(now - parseBasicDate(date)) <= ALLOWED_SKEW))
    throw invalid(`Signature expired: ${date} is more than 5 min. from the server's time`)
  assertSigned(request, claim, service, caller.credentials)
  return caller
}

/** @throws AwsError where nobody has this key, or not with this session token */
export function callerOf<Known extends { readonly credentials: Credentials }>(
  { accessKeyId, token }: SignatureClaim,
  known: ReadonlyMap<string, Known>,
): Known {
  const caller = known.get(accessKeyId)
  if (caller === undefined || !equal(token, caller.credentials.sessionToken))
    throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.')
  return caller
}

/** @throws AwsError where this key did not sign this request, for this service */
export function assertSigned(
  { method, path, query, headers, payload }: CanonicalRequest,
  { scope, signedHeaders, signature, date }: SignatureClaim,
  service: string,
  { secretAccessKey }: Credentials,
): void {
  if (scope !== `${date.slice(0, 8)}/${REGION}/${service}/aws4_request`)
    throw invalid(`Credential should be scoped to a valid date, region and service: '${service}' in '${REGION}'.`)
  const canonicalHeaders = signedHeaders
    .split(';')
    .map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}\n`)
    .join('')
  const canonicalRequest = [method, path, query, canonicalHeaders, signedHeaders, payload].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonicalRequest)].join('\n')
  const key = scope
    .split('/')
    .reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${secretAccessKey}`)
  if (!equal(hmac(key, toSign).toString('hex'), signature))
    throw invalid(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    )
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidSignatureException', message)
}

/** `20261122T045100Z` in milliseconds since the epoch. */
export function parseBasicDate(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d{2})(\d{2}T\d{2})(\d{2})(\d{2}Z)$/, '$1-$2-$3:$4:$5'))
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

function equal(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(left)), Buffer.from(sha256(right)))
}
