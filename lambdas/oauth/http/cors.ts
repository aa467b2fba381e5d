import type { Response } from './response.ts'

/**
 * Browser clients may read these answers (AS-13, CL-05). No credentials are involved, so any origin may. API Gateway's
 * own CORS is off: it knows no endpoint from another.
 */
export const CORS_HEADERS: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'WWW-Authenticate, X-Request-ID, Retry-After',
}

/** Answers a preflight (Fetch standard §4.8). */
export function preflight(methods: readonly string[]): Response {
  return {
    status: 204,
    headers: {
      ...CORS_HEADERS,
      'Access-Control-Allow-Methods': methods.join(', '),
      'Access-Control-Allow-Headers': 'Accept, Authorization, Content-Type, MCP-Protocol-Version',
      'Access-Control-Max-Age': '7200',
    },
    body: '',
  }
}
