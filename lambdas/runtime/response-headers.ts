import { isOriginAllowed } from './origin.ts'

/** CL-05: what clients in a browser may read. */
const EXPOSED_HEADERS = [
  'WWW-Authenticate',
  'MCP-Session-Id',
  'MCP-Protocol-Version',
  'X-Request-ID',
  'RateLimit',
  'X-RateLimit-Remaining',
  'Retry-After',
].join(', ')

/**
 * On every response. With a custom domain a server shares the authorization server's origin, so that nothing it says
 * may ever act as a page there: no script, no frame, no other content type than the one declared.
 */
const SECURITY_HEADERS = {
  'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains; preload',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
} as const

/** The headers of every response, a refusal's too. Cross-origin reading is allowed exactly where calling is. */
export function responseHeaders(
  origin: string | undefined,
  allowedOrigins: readonly string[],
  requestId: string,
): Record<string, string> {
  return {
    ...SECURITY_HEADERS,
    'X-Request-ID': requestId,
    Vary: 'Origin',
    ...(origin !== undefined &&
      isOriginAllowed(origin, allowedOrigins) && {
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Expose-Headers': EXPOSED_HEADERS,
      }),
  }
}
