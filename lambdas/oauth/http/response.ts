/** What an endpoint answers. Security headers, CORS and the request id are the shell's. */
export interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Whole `Set-Cookie` values. */
  readonly cookies?: readonly string[]
  readonly body: string
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify(body),
  }
}

/** A public document that may be kept for a while. @param seconds how long */
export function publicJson(body: unknown, seconds: number): Response {
  return json(200, body, { 'Cache-Control': `public, max-age=${seconds}` })
}

export function html(status: number, page: string, headers: Readonly<Record<string, string>> = {}): Response {
  return {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
    body: page,
  }
}

/** Only after a GET: never after a form, whose whole redirect chain Chromium holds against `form-action` (PLATFORM 10). */
export function redirect(location: string): Response {
  return { status: 302, headers: { Location: location, 'Cache-Control': 'no-store' }, body: '' }
}

/** After a form, to a page of our own: loading that again does not send the form again (RFC 9110 §15.4.4). */
export function seeOther(path: string): Response {
  return { status: 303, headers: { Location: path, 'Cache-Control': 'no-store' }, body: '' }
}

export function withCookies(response: Response, cookies: readonly string[]): Response {
  return { ...response, cookies: [...(response.cookies ?? []), ...cookies] }
}
