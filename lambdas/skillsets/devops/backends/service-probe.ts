import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { type Connection, openConnection } from './connection.ts'
import { errorCode, type Fault, ProbeFault } from './probe-fault.ts'

/** A service as the config names it; its URL complete. */
export interface Service {
  readonly name: string
  readonly url: string
  /** Without a status: any 2xx. */
  readonly expect: { readonly status?: number | undefined; readonly contains?: string | undefined }
  readonly timeoutMs: number
}

/** What one request to a service showed. */
export interface ProbeResult {
  /** `unhealthy`: it answered otherwise than expected. `unreachable`: it did not answer. */
  readonly status: 'healthy' | 'unhealthy' | 'unreachable'
  /** Until the answer was judged, or given up. */
  readonly latencyMs: number
  /** Absent where nothing answered. */
  readonly httpStatus?: number
  /** Absent where it is healthy; `detail` says it to people. */
  readonly reason?: Fault
  readonly detail?: string
  /** RFC 3339; absent without TLS. */
  readonly certificateEnd?: string
}

/** Bytes of a body that are looked at. */
const MOST_BODY = 65_536

/**
 * One GET to the service's URL over a connection of its own. No redirect is followed; a request is sent only to whom
 * the certificate is right for.
 * @param now milliseconds since the epoch
 * @throws the signal's reason when the caller aborts; never for a fault of the service
 */
export async function probe(
  { url: text, expect, timeoutMs }: Service,
  now: () => number,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const startedAt = now()
  const url = new URL(text)
  const timeout = AbortSignal.timeout(timeoutMs)
  const over = AbortSignal.any([signal, timeout])
  let connection: Connection | undefined
  let response: IncomingMessage | undefined
  const measured = () => ({
    latencyMs: Math.max(0, now() - startedAt),
    ...(response?.statusCode !== undefined && { httpStatus: response.statusCode }),
    ...(connection?.certificateEnd !== undefined && { certificateEnd: connection.certificateEnd }),
  })
  try {
    connection = await openConnection(url, over)
    if (connection.distrust) throw connection.distrust
    response = await get(url, connection.socket, over)
    await judge(response, expect)
    return { status: 'healthy', ...measured() }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const { fault, message } = timeout.aborted ? tooLate(timeoutMs) : asFault(error)
    return { status: response ? 'unhealthy' : 'unreachable', ...measured(), reason: fault, detail: message }
  } finally {
    connection?.socket.destroy()
  }
}

async function get(url: URL, socket: Socket, signal: AbortSignal): Promise<IncomingMessage> {
  const sent = request({
    createConnection: () => socket,
    path: url.pathname + url.search,
    headers: { host: url.host, accept: '*/*', 'user-agent': 'mcp-factory-health' },
    signal,
  })
  sent.on('error', () => undefined)
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return response
}

async function judge(response: IncomingMessage, { status, contains }: Service['expect']): Promise<void> {
  const { statusCode = 0 } = response
  if (status === undefined ? statusCode < 200 || statusCode > 299 : statusCode !== status)
    throw new ProbeFault('unexpected_status', `answered ${statusCode}, expected ${status ?? '2xx'}`)
  if (contains !== undefined && !(await beginningOf(response)).includes(contains))
    throw new ProbeFault('unexpected_body', 'the body has not the expected text')
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= MOST_BODY) break
  }
  return Buffer.concat(chunks).subarray(0, MOST_BODY).toString()
}

const tooLate = (timeoutMs: number) => new ProbeFault('timeout', `no whole answer within ${timeoutMs} ms`)

function asFault(error: unknown): ProbeFault {
  if (error instanceof ProbeFault) return error
  return new ProbeFault('invalid_response', `the answer was broken (${errorCode(error)})`)
}
