/** The kinds of redirect URI that are permitted (AS-05); never a deny-list: `ms-msdt:`, `intent:` and friends exist. */
export type RedirectUriKind = 'https' | 'loopback' | 'private-use'

/** Private-use schemes of known clients; others need a dot in their name (RFC 8252 §7.1) or a line in the config. */
const PRIVATE_USE_SCHEMES = ['cursor', 'vscode', 'vscode-insiders', 'windsurf']
const REVERSE_DOMAIN_SCHEME = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/

/** A loopback redirect URI: its host, its port, what follows. */
export const LOOPBACK_REDIRECT = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?(?=[/?]|$)(.*)$/

/** Parameters of an answer (RFC 6749 §4.1.2, §4.2.2, RFC 9207, JARM): a URI that brings its own could pose as ours. */
const RESPONSE_PARAMETERS = [
  'access_token',
  'code',
  'error',
  'error_description',
  'error_uri',
  'id_token',
  'iss',
  'response',
  'state',
]

/** Longer ones do not fit the cookie that carries a pending request. */
const LONGEST = 512

/**
 * What kind of redirect URI this is; undefined for one that is not permitted: other schemes, a fragment, userinfo,
 * parameters of an answer, white space, control characters or anything else that two parsers might read differently.
 * @param schemes private-use schemes that the config allows
 */
export function redirectUriKind(uri: string, schemes: readonly string[]): RedirectUriKind | undefined {
  if (uri.length > LONGEST || !/^[\x21-\x7e]+$/.test(uri) || /[#\\<>"'`^{|}]/.test(uri) || !URL.canParse(uri))
    return undefined
  const { protocol, username, password, hostname, searchParams } = new URL(uri)
  if (RESPONSE_PARAMETERS.some((name) => searchParams.has(name))) return undefined
  const authority = /^[^:/?]+:\/\/([^/?]*)/.exec(uri)?.[1] ?? ''
  if (username !== '' || password !== '' || authority.includes('@')) return undefined
  if (protocol === 'https:') return /^https:\/\/[^/?]/.test(uri) && hostname !== '' ? 'https' : undefined
  if (protocol === 'http:') return LOOPBACK_REDIRECT.test(uri) ? 'loopback' : undefined
  const scheme = protocol.slice(0, -1)
  if (!uri.startsWith(`${scheme}:/`)) return undefined
  const allowed = PRIVATE_USE_SCHEMES.includes(scheme) || schemes.includes(scheme) || REVERSE_DOMAIN_SCHEME.test(scheme)
  return allowed ? 'private-use' : undefined
}
