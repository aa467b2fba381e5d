import { expect } from 'vitest'
import type { Page } from '../../local/journey/browser.ts'
import { type Answer, REDIRECT_URI, STATE } from './oauth.ts'

/** What no answer may show: stack traces, the inside. */
const INSIDE = /\bat .+:\d+:\d+|node_modules|AccessDenied|dynamodb/i

/** An error of RFC 6749 §5.2 and RFC 7591 §3.2.2: JSON, stored nowhere, nothing of the inside, a request id. */
export function isOAuthError(answer: Answer, status: number, error: string): void {
  expect(answer.status, answer.text).toBe(status)
  expect(answer.headers.get('content-type')).toContain('application/json')
  expect(answer.headers.get('cache-control')).toContain('no-store')
  expect(answer.json).toMatchObject({ error, error_description: expect.any(String) })
  isQuiet(answer)
}

/** A page for a person, and no redirect: the target is not to be trusted. */
export function isErrorPage(answer: Answer): void {
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
  expect(answer.headers.get('location')).toBeNull()
  expect(answer.headers.get('content-type')).toContain('text/html')
  expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  isQuiet(answer)
}

/** The error goes back to the client, as RFC 6749 §4.1.2.1 and RFC 9207 say. */
export function isErrorRedirect({ headers }: Answer, issuer: string, error: string): void {
  const location = new URL(headers.get('location') ?? 'missing:')
  expect(location.href.startsWith(REDIRECT_URI), location.href).toBe(true)
  expect(Object.fromEntries(location.searchParams)).toMatchObject({ error, iss: issuer, state: STATE })
  expect(location.searchParams.has('code')).toBe(false)
}

/** Tells nothing of the inside, and whom to ask about it. */
function isQuiet({ text, headers }: Answer): void {
  expect(text).not.toMatch(INSIDE)
  expect(headers.get('x-request-id')).toBeTruthy()
}

/** The button by which a person consents. */
export function consentLabel({ buttons, text }: Page): string {
  const label = buttons.find((button) => /^(Allow|Continue)\b/.test(button.text))?.text
  if (label === undefined) throw new Error(`no consent button: ${text}`)
  return label
}
