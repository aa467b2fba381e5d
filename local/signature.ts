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

/** A request as far as Signature Version 4 covers it; the services here are all called by `POST /`. */
export interface SignedRequest {
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
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
  const [, accessKeyId = '', scope = '', signedHeaders = '', signature = ''] =
    AUTHORIZATION.exec(headers.authorization ?? '') ?? []
  if (signature === '')
    throw new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token')
  const caller = known.get(accessKeyId)
  if (caller === undefined || !equal(String(headers['x-amz-security-token']), caller.credentials.sessionToken))
    throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.')

  const date = String(headers['x-amz-date'])
  const signed = signedHeaders.split(';')
  if (!['host', 'x-amz-date', 'x-amz-security-token'].every((header) => signed.includes(header)))
    throw invalid("'Host', 'X-Amz-Date' and 'X-Amz-Security-Token' must be a 'SignedHeader' in the AWS Authorization.")
  if (scope !== `${date.slice(0, 8)}/${REGION}/${service}/aws4_request`)
    throw invalid(`Credential should be scoped to a valid date, region and service: '${service}' in '${REGION}'.`)
  // A comparison with NaN is false, so a malformed date is refused too.
  if (!(Math.abs(now - parseBasicDate(date)) <= ALLOWED_SKEW))
    throw invalid(`Signature expired: ${date} is more than 5 min. from the server's time`)

  const canonicalHeaders = signed
    .map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}\n`)
    .join('')
  const canonicalRequest = ['POST', '/', '', canonicalHeaders, signedHeaders, sha256(body)].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonicalRequest)].join('\n')
  const key = scope
    .split('/')
    .reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${caller.credentials.secretAccessKey}`)
  if (!equal(hmac(key, toSign).toString('hex'), signature))
    throw invalid(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    )
  return caller
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidSignatureException', message)
}

/** `20261122T045100Z` in milliseconds since the epoch. */
function parseBasicDate(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d{2})(\d{2}T\d{2})(\d{2})(\d{2}Z)$/, '$1-$2-$3:$4:$5'))
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

function equal(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(left)), Buffer.from(sha256(right)))
}
