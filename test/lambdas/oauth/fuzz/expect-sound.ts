import { expect } from 'vitest'
import { ENDPOINTS } from '../../../../model/endpoints.ts'
import type { Answer } from '../journey.ts'

/** What our pages are made of. */
const TAGS =
  /^<(?:!doctype html|\/?(?:html|head|title|style|body|main|h[1-3]|p|ul|li|dl|dt|dd|div|span|strong|bdi|code|a|form|fieldset|legend|label|button|time|section)|(?:html|meta|input|p|ul|ol|li|dl|dd|a|form|label|button|fieldset|span|div|time|section|h[1-3]|style)(?: [a-z-]+(?:="[^"<>]*")?)+)>$/
const SCHEMES = /^(?:https:|http:\/\/127\.0\.0\.1[:/]|\/|cursor:)/
/** Printable ASCII: nothing that ends a header. */
const HEADER = /^[\t\x20-\x7e]*$/

/** Where this test's clients may be sent, and the pages of our own. */
export type MayRedirectTo = (url: string) => boolean

/**
 * What holds of every answer, whatever was sent: no failure of ours, a request id, the endpoint's own form of error, no
 * header or markup of the sender's, no redirect to where nobody registered.
 */
export function expectSound(
  answer: Answer,
  facts: { readonly errors: 'json' | 'page'; readonly mayRedirectTo: MayRedirectTo },
): void {
  const { statusCode = 0, headers = {}, cookies = [], body = '' } = answer
  expect(statusCode).toBeLessThan(500)
  expect(headers['X-Request-ID']).toMatch(/^request-\d+$/)
  expect(headers['Content-Security-Policy']).toContain("default-src 'none'")
  for (const value of [...Object.keys(headers), ...Object.values(headers), ...cookies])
    expect(String(value)).toMatch(HEADER)

  if (headers.Location !== undefined) expectTarget(String(headers.Location), facts.mayRedirectTo)
  const type = String(headers['Content-Type'] ?? '')
  if (type.startsWith('text/html')) expectPage(body, facts.mayRedirectTo)
  else if (body !== '') expect(type).toBe('application/json')
  if (statusCode < 400 || body === '') return
  expect(type).toBe(facts.errors === 'json' ? 'application/json' : 'text/html; charset=utf-8')
  if (facts.errors === 'page') return
  const { error, error_description } = JSON.parse(body) as Record<string, string>
  expect(error).toMatch(/^[a-z_]+$/)
  expect(error_description).toMatch(/^[\x20-\x7e]+$/)
}

function expectTarget(url: string, mayRedirectTo: MayRedirectTo): void {
  const isOwn = url === ENDPOINTS.account || url.startsWith(`${ENDPOINTS.account}?done=`)
  expect(isOwn || mayRedirectTo(url), url).toBe(true)
  // RFC 6749 §4.1.2.1 says which characters a description may have.
  const description = URL.canParse(url) ? new URL(url).searchParams.get('error_description') : null
  if (description !== null) expect(description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/)
}

function expectPage(body: string, mayRedirectTo: MayRedirectTo): void {
  const withoutStyle = body.replace(/<style>[^<]*<\/style>/, '')
  for (const [tag] of withoutStyle.matchAll(/<[^>]*>?/g)) expect(tag).toMatch(TAGS)
  for (const [, name = ''] of withoutStyle.matchAll(/ ([a-z-]+)="/g)) expect(name).not.toMatch(/^(on|style|srcdoc)/)
  for (const [, url = ''] of withoutStyle.matchAll(/ (?:href|action)="([^"]*)"/g)) expect(url).toMatch(SCHEMES)
  const [, target] = /http-equiv="refresh" content="0;url=([^"]*)"/.exec(withoutStyle) ?? []
  if (target !== undefined) expectTarget(target.replaceAll('&amp;', '&').replaceAll('&#39;', "'"), mayRedirectTo)
}
