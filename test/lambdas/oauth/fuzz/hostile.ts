import fc from 'fast-check'
import type { HttpRequest } from '../factory-fixture.ts'

/** What strangers try: markup, header breaks, parser differences, names of JavaScript's own, sizes. */
const CLASSICS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  '</title><svg/onload=alert(1)>',
  'x\r\nLocation: https://evil.test/',
  'x\r\n\r\n<html>',
  'x\nSet-Cookie: session=evil',
  '\u0000',
  '\u202eevil\u2066',
  '\ud800',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '//evil.test',
  'https://evil.test/callback',
  'https://evil.test\\@claude.ai/',
  'https://claude.ai@evil.test/api/mcp/auth_callback',
  'http://127.0.0.1:4321@evil.test/callback',
  'http://127.0.0.1:4321/callback#@evil.test',
  '__proto__',
  'constructor',
  'toString',
  '%',
  '%zz%00',
  '+&=;,',
  '{{7*7}}',
  '../../etc/passwd',
  '[object Object]',
  'null',
  '-1',
  '1e309',
  'x'.repeat(5_000),
]

export const hostileText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...CLASSICS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.webUrl({ withFragments: true, withQueryParameters: true }) },
)

/** A value that would do, changed in one place. */
function damaged(value: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(value.length), fc.nat(3), fc.oneof(fc.constant(''), fc.constantFrom(...CLASSICS)))
    .map(([at, removed, inserted]) => value.slice(0, at) + inserted + value.slice(at + removed))
}

/** As it should be, but for up to two parameters that are changed, replaced, left out or repeated, and some unknown ones. */
export function parameters(good: Readonly<Record<string, string>>): fc.Arbitrary<URLSearchParams> {
  const spoilt = fc.constantFrom(...Object.entries(good)).chain(([name, value]) =>
    fc
      .oneof(
        fc.constant<string[]>([]),
        damaged(value).map((changed) => [changed]),
        hostileText.map((text) => [text]),
        hostileText.map((text) => [value, text]),
      )
      .map((values): [string, string[]] => [name, values]),
  )
  const strange = fc.tuple(hostileText, hostileText)
  return fc.tuple(fc.array(spoilt, { maxLength: 2 }), fc.array(strange, { maxLength: 1 })).map(([changes, unknown]) => {
    const form = new URLSearchParams(good)
    for (const [name, values] of changes) {
      form.delete(name)
      for (const value of values) form.append(name, value)
    }
    for (const [name, value] of unknown) form.append(name, value)
    return form
  })
}

const HEADERS = [
  'authorization',
  'accept',
  'content-type',
  'origin',
  'sec-fetch-site',
  'host',
  'x-forwarded-host',
  'x-forwarded-proto',
  'user-agent',
  'referer',
  'mcp-protocol-version',
  'x-request-id',
]

/** Headers beside those that the request needs; now and then in the place of one. */
export const hostileHeaders = fc.dictionary(
  fc.constantFrom(...HEADERS),
  fc.oneof(
    hostileText,
    hostileText.map((text) => `Basic ${Buffer.from(`${text}:${text}`).toString('base64')}`),
    hostileText.map((text) => `Bearer ${text}`),
    fc.constantFrom('application/json', 'application/x-www-form-urlencoded; charset=utf-16', 'null', 'same-origin'),
  ),
  { maxKeys: 2 },
)

export const hostileCookies = (own: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant([...own]) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.tuple(fc.constantFrom('__Host-session', '__Host-f.x', 'session', ...own.map(nameOf)), hostileText), {
          maxLength: 4,
        })
        .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`)),
    },
  )

function nameOf(pair: string): string {
  return pair.split('=')[0] ?? ''
}

/** How a request is sent: as it should be, and now and then with another method, other headers and cookies. */
export function sent(request: fc.Arbitrary<HttpRequest>): fc.Arbitrary<HttpRequest> {
  return fc
    .record({
      request,
      method: fc.option(fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', '__proto__'), {
        freq: 12,
      }),
      headers: fc.option(hostileHeaders, { freq: 3 }),
    })
    .chain(({ request: { cookies = [], ...rest }, method, headers }) =>
      hostileCookies(cookies).map((changed) => ({
        ...rest,
        ...(method !== null && { method }),
        headers: { ...rest.headers, ...headers },
        cookies: changed,
      })),
    )
}
