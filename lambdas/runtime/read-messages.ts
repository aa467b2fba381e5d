import { isJsonContentType } from '@modelcontextprotocol/server'
import { accepts } from './accept.ts'
import type { IncomingRequest } from './incoming-request.ts'
import { isOriginAllowed } from './origin.ts'
import { BATCH_REVISION, SERVED_REVISIONS, STATELESS_REVISION } from './protocol-version.ts'
import { INVALID_REQUEST, PARSE_ERROR, type Refusal, TRANSPORT_ERROR, UNSUPPORTED_PROTOCOL_VERSION } from './refusal.ts'

/** Bytes. Arguments of an ability are text; whoever has more to say keeps it somewhere and sends where. */
const LARGEST_BODY = 1_048_576
const LARGEST_BATCH = 50
/** Levels. Whoever walks a body later does so on a stack that has an end. */
const DEEPEST_NESTING = 200

/** Either the JSON of the body or why the request is not served. */
export type ReadMessages = { readonly messages: unknown } | { readonly refusal: Refusal }

/**
 * Checks what HTTP says of a request, in the order in which it costs least, and parses the body. Whether the message
 * agrees with its headers (RS-05) is the SDK's to say; which ability may be called is decided per message later.
 */
export function readMessages(request: IncomingRequest, allowedOrigins: readonly string[]): ReadMessages {
  const refusal = refuseOrigin(request, allowedOrigins) ?? refusePost(request)
  if (refusal) return { refusal }
  const text = request.body.toString('utf8')
  let messages: unknown
  try {
    messages = JSON.parse(text)
  } catch {
    return {
      refusal: { statusCode: 400, rpcCode: PARSE_ERROR, code: 'malformed_json', message: 'The body is not JSON.' },
    }
  }
  const refused = refuseVersion(request, messages) ?? refuseDepth(messages) ?? refuseBatch(request, messages)
  return refused ? { refusal: refused } : { messages }
}

/** The same of a request that has no body: the GET and DELETE that a proxy passes on. */
export function refuseBodiless(request: IncomingRequest, allowedOrigins: readonly string[]): Refusal | undefined {
  return refuseOrigin(request, allowedOrigins) ?? refuseVersion(request, undefined)
}

const refuse = (statusCode: number, code: string, message: string): Refusal => ({
  statusCode,
  rpcCode: TRANSPORT_ERROR,
  code,
  message,
})

function refuseOrigin({ origin }: IncomingRequest, allowedOrigins: readonly string[]): Refusal | undefined {
  if (isOriginAllowed(origin, allowedOrigins)) return undefined
  return refuse(403, 'origin_not_allowed', 'Pages of this origin may not call this server.')
}

function refusePost({ method, headers, body }: IncomingRequest): Refusal | undefined {
  if (method !== 'POST') return refuse(405, 'method_not_allowed', 'Only POST is served here.')
  if (!isJsonContentType(headers.get('content-type')))
    return refuse(415, 'unsupported_media_type', 'Content-Type must be application/json.')
  const accept = headers.get('accept')
  if (!accepts(accept, 'application/json') || !accepts(accept, 'text/event-stream'))
    return refuse(406, 'not_acceptable', 'Accept must allow application/json and text/event-stream.')
  if (body.byteLength > LARGEST_BODY)
    return refuse(413, 'body_too_large', `The body is larger than ${LARGEST_BODY} bytes.`)
  return undefined
}

function refuseVersion({ headers }: IncomingRequest, messages: unknown): Refusal | undefined {
  const requested = headers.get('mcp-protocol-version')
  if (requested === null || SERVED_REVISIONS.includes(requested)) return undefined
  return {
    statusCode: 400,
    rpcCode: UNSUPPORTED_PROTOCOL_VERSION,
    code: 'unsupported_protocol_version',
    message: 'Unsupported protocol version',
    // The others are negotiated by initialize, not named by a request.
    data: { supported: [STATELESS_REVISION], requested: requested.slice(0, 64) },
    id: idOf(messages),
  }
}

function refuseDepth(messages: unknown): Refusal | undefined {
  if (!isDeeper(messages, DEEPEST_NESTING)) return undefined
  return {
    statusCode: 400,
    rpcCode: INVALID_REQUEST,
    code: 'nested_too_deeply',
    message: `The body is nested deeper than ${DEEPEST_NESTING} levels.`,
    id: idOf(messages),
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1))
}

/** RS-06: one message per body; only {@link BATCH_REVISION} has batches. */
function refuseBatch({ headers }: IncomingRequest, messages: unknown): Refusal | undefined {
  if (!Array.isArray(messages)) return undefined
  const refuse = (code: string, message: string): Refusal => ({
    statusCode: 400,
    rpcCode: INVALID_REQUEST,
    code,
    message,
  })
  if ((headers.get('mcp-protocol-version') ?? BATCH_REVISION) !== BATCH_REVISION)
    return refuse('batch_not_supported', `Batches belong to ${BATCH_REVISION}; send one message per request.`)
  if (messages.length === 0 || messages.length > LARGEST_BATCH)
    return refuse('batch_size', `A batch holds 1 to ${LARGEST_BATCH} messages.`)
  const ids = messages.map(idOf).filter((id) => id !== undefined)
  if (new Set(ids).size !== ids.length) return refuse('repeated_id', 'Two requests of the batch have one id.')
  return undefined
}

/** The id of a request; undefined for a notification, a batch, and what is no message. */
export function idOf(message: unknown): string | number | undefined {
  if (typeof message !== 'object' || message === null || !('id' in message)) return undefined
  return typeof message.id === 'string' || typeof message.id === 'number' ? message.id : undefined
}
