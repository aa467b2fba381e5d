interface Cookie {
  readonly name: string
  readonly value: string
  readonly host: string
  readonly path: string
  readonly sameSite: 'strict' | 'lax' | 'none'
  /** Milliseconds since the epoch; undefined for a session cookie. */
  readonly expires: number | undefined
}

/** What a cookie is about to be sent with. */
export interface CookieRequest {
  readonly url: URL
  readonly method: string
  /** The page that began the navigation; undefined where a person typed the address. */
  readonly initiator: URL | undefined
}

/**
 * Keeps cookies as a browser does, as far as one that visits loopback origins can tell: host-only cookies (ports share
 * them), paths, expiry, SameSite, and the conditions of the `__Host-` prefix. Loopback is trustworthy enough for Secure
 * cookies, as in Chromium (PLATFORM 10).
 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** Takes the `Set-Cookie` headers of a response; cookies that a browser would refuse are dropped. */
  store(url: URL, headers: readonly string[]): void {
    for (const header of headers) {
      const cookie = this.#parse(url, header)
      if (cookie === undefined) continue
      const key = `${cookie.host}\n${cookie.path}\n${cookie.name}`
      if (cookie.expires !== undefined && cookie.expires <= this.#now()) this.#cookies.delete(key)
      else this.#cookies.set(key, cookie)
    }
  }

  /** The `Cookie` header for a top-level navigation, empty where nothing is to be sent. */
  header(request: CookieRequest): string {
    return [...this.#cookies.values()]
      .filter((cookie) => this.#isSent(cookie, request))
      .sort((one, other) => other.path.length - one.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }

  /** The cookies that are kept for a host. */
  for(host: string): ReadonlyMap<string, string> {
    return new Map(
      [...this.#cookies.values()].filter((cookie) => cookie.host === host).map(({ name, value }) => [name, value]),
    )
  }

  #isSent(cookie: Cookie, { url, method, initiator }: CookieRequest): boolean {
    if (cookie.host !== url.hostname || !pathMatches(url.pathname, cookie.path)) return false
    if (cookie.expires !== undefined && cookie.expires <= this.#now()) return false
    const crossSite = initiator !== undefined && initiator.hostname !== url.hostname
    if (!crossSite || cookie.sameSite === 'none') return true
    return cookie.sameSite === 'lax' && method === 'GET'
  }

  #parse(url: URL, header: string): Cookie | undefined {
    const [pair = '', ...parts] = header.split(';')
    const separator = pair.indexOf('=')
    if (separator < 1) return undefined
    const name = pair.slice(0, separator).trim()
    const attributes = new Map(
      parts.map((part) => {
        const [attribute = '', ...value] = part.split('=')
        return [attribute.trim().toLowerCase(), value.join('=').trim()]
      }),
    )
    const path = attributes.get('path') || defaultPath(url.pathname)
    const domain = attributes.get('domain')
    if (name.startsWith('__Host-') && !(attributes.has('secure') && domain === undefined && path === '/'))
      return undefined
    if (name.startsWith('__Secure-') && !attributes.has('secure')) return undefined
    if (domain !== undefined && domain.replace(/^\./, '').toLowerCase() !== url.hostname) return undefined
    return {
      name,
      value: pair.slice(separator + 1).trim(),
      host: url.hostname,
      path,
      sameSite: sameSiteOf(attributes.get('samesite')),
      expires: this.#expiry(attributes),
    }
  }

  #expiry(attributes: ReadonlyMap<string, string>): number | undefined {
    const maxAge = attributes.get('max-age')
    if (maxAge !== undefined) return this.#now() + Number(maxAge) * 1000
    const expires = attributes.get('expires')
    return expires === undefined ? undefined : Date.parse(expires)
  }
}

/** RFC 6265 §5.1.4. */
function pathMatches(path: string, cookiePath: string): boolean {
  return (
    path === cookiePath ||
    (path.startsWith(cookiePath) && (cookiePath.endsWith('/') || path[cookiePath.length] === '/'))
  )
}

function defaultPath(path: string): string {
  const end = path.lastIndexOf('/')
  return end <= 0 ? '/' : path.slice(0, end)
}

function sameSiteOf(value: string | undefined): Cookie['sameSite'] {
  const lower = value?.toLowerCase()
  return lower === 'strict' || lower === 'none' ? lower : 'lax'
}
