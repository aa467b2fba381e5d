import { describe, expect, it } from 'vitest'
import { CookieJar } from '../../../local/journey/cookie-jar.ts'

const url = (path: string, host = 'localhost:4100') => new URL(`http://${host}${path}`)

function sent(setCookie: string, to: URL, options: { method?: string; initiator?: URL; now?: number } = {}): string {
  let now = 1_000_000
  const jar = new CookieJar(() => now)
  jar.store(url('/authorize'), [setCookie])
  now = options.now ?? now
  return jar.header({ url: to, method: options.method ?? 'GET', initiator: options.initiator })
}

describe('CookieJar', () => {
  it.each([
    ['to the host that set it, whatever the port', 'a=1', url('/x', 'localhost:9'), 'a=1'],
    ['to no other host', 'a=1', url('/x', '127.0.0.1:4100'), ''],
    ['below its path', 'a=1; Path=/consent', url('/consent/x'), 'a=1'],
    ['not beside its path', 'a=1; Path=/consent', url('/consents'), ''],
    ['with the __Host- prefix and what it asks for', '__Host-a=1; Secure; Path=/', url('/'), '__Host-a=1'],
    ['not with the __Host- prefix and no Secure', '__Host-a=1; Path=/', url('/'), ''],
    ['not with the __Host- prefix and a path', '__Host-a=1; Secure; Path=/x', url('/x'), ''],
    ['not of another domain', 'a=1; Domain=evil.test', url('/'), ''],
  ])('sends a cookie %s', (_case, setCookie, to, expected) => {
    expect(sent(setCookie, to)).toBe(expected)
  })

  it('drops a cookie at its end, and at an end in the past', () => {
    expect(sent('a=1; Max-Age=10', url('/'), { now: 1_000_000 + 9_999 })).toBe('a=1')
    expect(sent('a=1; Max-Age=10', url('/'), { now: 1_000_000 + 10_000 })).toBe('')
    expect(sent('a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT', url('/'))).toBe('')
  })

  it('honours SameSite when another site navigates', () => {
    const initiator = url('/', '127.0.0.1:5000')
    expect(sent('a=1; SameSite=Strict', url('/'), { initiator })).toBe('')
    expect(sent('a=1; SameSite=Lax', url('/'), { initiator })).toBe('a=1')
    expect(sent('a=1; SameSite=Lax', url('/'), { initiator, method: 'POST' })).toBe('')
    expect(sent('a=1; SameSite=Strict', url('/'), { initiator: url('/') })).toBe('a=1')
  })
})
