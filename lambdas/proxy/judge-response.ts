import type { IncomingHttpHeaders } from 'node:http'
import { INTERNAL_ERROR, type Refusal } from '../runtime/refusal.ts'
import type { BackendFailure } from './backend-request.ts'

/** What of a backend's response may reach a client. */
export type Judged =
  | { readonly status: number; readonly headers: Headers; readonly body: 'json' | 'events' | 'none' }
  | { readonly refusal: Refusal }

/** Values that go on, beside the content type. */
const PASSED_ON = ['mcp-session-id', 'mcp-protocol-version', 'allow', 'retry-after']
const LONGEST_VALUE = 1_024
const BODILESS = [200, 202, 204]
/** The proxy's own credentials are refused: no challenge of a backend's may look like one of ours. */
const CREDENTIALS_REFUSED = [401, 403, 407]

/** @param method of the request: an empty 200 answers a DELETE, never a POST */
export function judgeResponse(method: string, status: number, headers: IncomingHttpHeaders): Judged {
  if (status >= 300 && status < 400)
    return refused('backend_redirected', 'The server behind this proxy redirects; the proxy never follows.')
  if (CREDENTIALS_REFUSED.includes(status))
    return refused(
      'backend_refused_credentials',
      'The server behind this proxy refused the proxy’s own credentials. Signing in again does not help; tell whoever runs this server.',
    )
  const passedOn = new Headers()
  for (const name of PASSED_ON) {
    const value = headers[name]
    if (value === undefined) continue
    if (typeof value !== 'string' || value.length > LONGEST_VALUE || !/^[\x20-\x7e]*$/.test(value)) return MALFORMED
    passedOn.set(name, value)
  }
  const body = bodyOf(method, status, headers)
  if (body === undefined) return MALFORMED
  if (body === 'none' && status >= 400)
    return {
      refusal: {
        ...refusal(status, 'backend_refused', `The server behind this proxy answered ${status}.`),
        headers: Object.fromEntries(passedOn),
      },
    }
  if (body !== 'none') passedOn.set('content-type', body === 'json' ? 'application/json' : 'text/event-stream')
  return { status, headers: passedOn, body }
}

/** The answer to a client where no response came. */
export function refusalOf(failure: BackendFailure): Refusal {
  switch (failure) {
    case 'unreachable':
      return refusal(502, 'backend_unreachable', 'The server behind this proxy cannot be reached.')
    case 'timeout':
      return refusal(504, 'backend_timeout', 'The server behind this proxy did not answer in time.')
    case 'malformed':
      return refusal(502, 'backend_malformed', 'The server behind this proxy answered what is no MCP.')
  }
}

const MALFORMED: Judged = { refusal: refusalOf('malformed') }

function bodyOf(method: string, status: number, headers: IncomingHttpHeaders): 'json' | 'events' | 'none' | undefined {
  if (status === 204) return 'none'
  const encoding = headers['content-encoding'] ?? 'identity'
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (encoding === 'identity' && type === 'application/json') return 'json'
  if (encoding === 'identity' && type === 'text/event-stream' && status === 200) return 'events'
  // Of a refusal in another form the status is what matters to a client: 404 ends a session, 405 says what there is not.
  if (status >= 400 && status < 500) return 'none'
  if (type !== undefined || !BODILESS.includes(status)) return undefined
  return status === 200 && method !== 'DELETE' ? undefined : 'none'
}

function refused(code: string, message: string): Judged {
  return { refusal: refusal(502, code, message) }
}

function refusal(statusCode: number, code: string, message: string): Refusal {
  return { statusCode, rpcCode: INTERNAL_ERROR, code, message }
}
