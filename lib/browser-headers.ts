/**
 * CORS and security headers of what API Gateway answers itself. Values are API Gateway's expressions: a literal stands
 * in single quotes, so none may contain one (PLATFORM 2).
 */
const CORS = {
  // Tokens travel in a header, never in a cookie: any origin may try, the skillset server decides (RS-04).
  'Access-Control-Allow-Origin': "'*'",
  // CL-05
  'Access-Control-Expose-Headers':
    "'WWW-Authenticate, MCP-Session-Id, MCP-Protocol-Version, X-Request-ID, RateLimit, X-RateLimit-Remaining, Retry-After'",
}

const SECURITY = {
  'Cache-Control': "'no-store'",
  // A directive without sources permits none: 'none' would need quotes inside the quotes.
  'Content-Security-Policy': "'sandbox; default-src; frame-ancestors'",
  'Referrer-Policy': "'no-referrer'",
  'Strict-Transport-Security': "'max-age=63072000; includeSubDomains; preload'",
  'X-Content-Type-Options': "'nosniff'",
  'X-Request-ID': 'context.requestId',
}

export const BROWSER_HEADERS: Readonly<Record<string, string>> = { ...CORS, ...SECURITY }

export const PREFLIGHT_HEADERS: Readonly<Record<string, string>> = {
  ...BROWSER_HEADERS,
  'Access-Control-Allow-Methods': "'GET, POST, DELETE, OPTIONS'",
  // The wildcard takes in every header but Authorization, which Fetch wants by name.
  'Access-Control-Allow-Headers': "'Authorization, *'",
  'Access-Control-Max-Age': "'7200'",
}
