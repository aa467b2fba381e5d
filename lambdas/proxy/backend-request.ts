import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** Bytes: what a REST API takes in total, less what the proxy adds (PLATFORM 7). */
const LARGEST_HEADERS = 8_192

/** Why there is no response to pass on. */
export type BackendFailure = 'unreachable' | 'timeout' | 'malformed'

export class BackendError extends Error {
  override readonly name = 'BackendError'
  readonly failure: BackendFailure

  constructor(failure: BackendFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.failure = failure
  }
}

export interface BackendRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** Milliseconds until the response's headers. */
  readonly timeout: number
  readonly signal?: AbortSignal
}

/**
 * Sends one request and resolves with the response's head. By node:http and not by fetch: what is written is exactly
 * what is given, nothing is decompressed, no redirect is followed, and headers have a limit of their own. On a connection
 * of its own: those that a frozen instance had kept are dead when it wakes up.
 * @throws BackendError
 */
export function sendToBackend(target: URL, request: BackendRequest): Promise<IncomingMessage> {
  const { method, headers, body, timeout, signal } = request
  return new Promise((resolve, reject) => {
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sent = send(target, {
      method,
      headers: { ...headers, ...length },
      agent: false,
      maxHeaderSize: LARGEST_HEADERS,
      ...(signal && { signal }),
    })
    const late = () => sent.destroy(new BackendError('timeout', `no response within ${timeout} ms`))
    const timer = setTimeout(late, timeout)
    sent.on('response', (response) => {
      clearTimeout(timer)
      resolve(response)
    })
    // Also after the response has begun, when it breaks: nobody waits for the promise then.
    sent.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      reject(asBackendError(error))
    })
    // A switch of protocols closes the connection and says nothing else.
    sent.on('close', () => reject(new BackendError('malformed', 'closed without a response')))
    sent.end(body)
  })
}

function asBackendError(error: NodeJS.ErrnoException): BackendError {
  if (error instanceof BackendError) return error
  if (error.name === 'AbortError') return new BackendError('timeout', 'the time for the call is over', { cause: error })
  // What node's parser says of a response that is no HTTP, or whose headers are too large.
  if (error.code?.startsWith('HPE_')) return new BackendError('malformed', 'the response is no HTTP', { cause: error })
  return new BackendError('unreachable', 'no connection', { cause: error })
}
