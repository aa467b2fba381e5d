import { randomBytes } from 'node:crypto'

/** Header fields in order, names as sent. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** API Gateway's table of request headers that never reach an integration ("Important notes", REST APIs). */
const DROPPED_FROM_REQUEST = new Set([
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'keep-alive',
  'max-forwards',
  'proxy-authenticate',
  'proxy-connection',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
])

/** The same table for what a Lambda integration answers: renamed to `x-amzn-Remapped-<name>` (PLATFORM 1). */
const REMAPPED_FROM_RESPONSE = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-md5',
  'date',
  'expect',
  'host',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'trailer',
  'upgrade',
  'user-agent',
  'www-authenticate',
])

const DROPPED_FROM_RESPONSE = new Set(['keep-alive', 'te', 'transfer-encoding'])

export interface Connection {
  readonly sourceIp: string
  readonly port: number
  readonly scheme: 'http' | 'https'
}

/** What an integration sees of the client's headers: hop-by-hop ones gone, where it came from added. */
export function integrationRequestHeaders(sent: HeaderList, { sourceIp, port, scheme }: Connection): HeaderList {
  const own = new Set(['x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto', 'x-amzn-trace-id'])
  const kept = sent.filter(([name]) => !DROPPED_FROM_REQUEST.has(name.toLowerCase()) && !own.has(name.toLowerCase()))
  const forwardedFor = sent.filter(([name]) => name.toLowerCase() === 'x-forwarded-for').map(([, value]) => value)
  return [
    ...kept,
    ['X-Amzn-Trace-Id', headerValue(sent, 'x-amzn-trace-id') ?? traceId()],
    ['X-Forwarded-For', [...forwardedFor, sourceIp].join(', ')],
    ['X-Forwarded-Port', String(port)],
    ['X-Forwarded-Proto', scheme],
  ]
}

/**
 * What a client sees of an integration's headers. Documented for REST APIs; taken to hold for HTTP APIs too
 * (PLATFORM 12a), so that nothing comes to rely on a header that may not arrive.
 */
export function integrationResponseHeaders(answered: HeaderList): HeaderList {
  return answered
    .filter(([name]) => !DROPPED_FROM_RESPONSE.has(name.toLowerCase()))
    .map(([name, value]) => [REMAPPED_FROM_RESPONSE.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name, value])
}

/** The last value of a header, its name in any case. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  return headers.findLast(([candidate]) => candidate.toLowerCase() === name.toLowerCase())?.[1]
}

/** With a default put in front where the header is absent. */
export function withDefault(headers: HeaderList, name: string, value: string): HeaderList {
  return headerValue(headers, name) === undefined ? [[name, value], ...headers] : headers
}

/** The media type of a Content-Type or of the first entry of an Accept header, without parameters. */
export function mediaType(value: string | undefined): string | undefined {
  return value?.split(',')[0]?.split(';')[0]?.trim().toLowerCase()
}

function traceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16)
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`
}
