import { HEADERS_NAME_THE_TOOL } from '../authorizer/called-ability.ts'
import type { Caller } from '../runtime/ability-context.ts'

const MCP_HEADER = /^mcp-(?:session-id|protocol-version|method|name|param-[a-z0-9-]+)$/
const NAMING_HEADER = /^mcp-(?:method|name|param-.+)$/

/**
 * The headers of a client that go on to the backend; `Connection` is read to obey it. `Authorization`, cookies,
 * `x-user-*`, forwarding headers, hop-by-hop ones and AWS's own are none of them, so they are gone before anything looks.
 */
export function isForwardedHeader(name: string): boolean {
  return ['accept', 'content-type', 'last-event-id', 'connection'].includes(name) || MCP_HEADER.test(name)
}

/** What is sent to the backend of a client's headers. */
export function forwardedHeaders(method: string, headers: Headers): Record<string, string> {
  const hop = (headers.get('connection') ?? '').toLowerCase().split(/[\s,]+/)
  // Older revisions do not know these: nobody has held them against the body, so a backend must not act on them.
  const mayName = (headers.get('mcp-protocol-version') ?? '') >= HEADERS_NAME_THE_TOOL
  const kept = [...headers].filter(
    ([name]) => name !== 'connection' && !hop.includes(name) && (mayName || !NAMING_HEADER.test(name)),
  )
  return {
    ...Object.fromEntries(kept),
    // Judged already, wildcards included, which the SDKs do not know.
    ...(method === 'POST' && { accept: 'application/json, text/event-stream', 'content-type': 'application/json' }),
    // The response is passed on as it comes; a compressed one could not be.
    'accept-encoding': 'identity',
  }
}

/**
 * Who calls, for the backend. Values are ASCII: everything outside it, controls and `%` are percent-encoded UTF-8
 * (RFC 3986 §2.1), so that decoding gives the value back.
 */
export function personHeaders(person: Caller, provider: string): Record<string, string> {
  const { id, email, name, tenant, picture } = person
  const values = { id, email, name, provider, tenant, ...(picture !== undefined && { avatar: picture }) }
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`x-user-${key}`, encoded(value)]))
}

function encoded(value: string): string {
  return value.replace(/[^\x20-\x24\x26-\x7e]+/g, (text) =>
    Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}
