/**
 * The cookies of an issuer. Where it is https they are `__Host-` and `Secure`: no other host, path or plain connection
 * can set or read them. An http issuer (one machine) cannot have that.
 */
export interface CookieJar {
  /** The name as the browser has it. */
  name(name: string): string
  /** A `Set-Cookie` value. @param maxAge seconds */
  set(name: string, value: string, maxAge: number): string
  /** A `Set-Cookie` value that removes the cookie. */
  clear(name: string): string
}

export function cookieJar(issuer: string): CookieJar {
  const secure = new URL(issuer).protocol === 'https:'
  const full = (name: string) => (secure ? `__Host-${name}` : name)
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return {
    name: full,
    set: (name, value, maxAge) => `${full(name)}=${value}; Max-Age=${maxAge}; ${attributes}`,
    clear: (name) => `${full(name)}=; Max-Age=0; ${attributes}`,
  }
}

/**
 * One pair of a `Cookie` header (RFC 6265 §4.2.1): the name is an RFC 9110 §5.6.2 token, the value has no white space.
 * Only space and tab go from around the pair: `trim` would make our `__Host-` name of one that a browser does not see as
 * prefixed, and that any host beside ours can set.
 */
const PAIR = /^[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=([^ \t]*)[ \t]*$/

/**
 * The cookies of a request by name. A browser never holds a `__Host-` cookie twice, so of one that comes twice somebody
 * else planted one: it counts as absent.
 */
export function parseCookies(pairs: readonly string[]): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  const repeated = new Set<string>()
  for (const pair of pairs) {
    const [, name, value] = PAIR.exec(pair) ?? []
    if (name === undefined || value === undefined) continue
    if (cookies.has(name)) repeated.add(name)
    cookies.set(name, value)
  }
  for (const name of repeated) cookies.delete(name)
  return cookies
}
