import type { Exchange } from './exchange.ts'

/** What an answer lacks of the headers that browsers act on. Over plain http HSTS means nothing. */
export function missingProtection({ url, headers }: Exchange): string[] {
  return [
    ...(headers.get('x-content-type-options') === 'nosniff' ? [] : ['no X-Content-Type-Options: nosniff']),
    ...(url.startsWith('http:') || headers.has('strict-transport-security') ? [] : ['no Strict-Transport-Security']),
  ]
}
