import { isIPv4 } from 'node:net'

/** The kinds of redirect URI that are permitted (AS-05); never a deny-list: `ms-msdt:`, `intent:` and friends exist. */
export type RedirectUriKind = 'https' | 'loopback' | 'private-use'

/** Private-use schemes of known clients; others need a dot in their name (RFC 8252 §7.1) or a line in the config. */
const PRIVATE_USE_SCHEMES = ['cursor', 'vscode', 'vscode-insiders', 'windsurf']
const REVERSE_DOMAIN_SCHEME = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/

/** Hosts that known clients redirect to (CL-01): errors may go there without a person's click (AS-04). */
const KNOWN_HOSTS = [
  'claude.ai',
  'claude.com',
  'chatgpt.com',
  'vscode.dev',
  'insiders.vscode.dev',
  'cursor.com',
  'www.cursor.com',
]

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?(?=[/?]|$)(.*)$/

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
  if (protocol === 'http:') return LOOPBACK.test(uri) ? 'loopback' : undefined
  const scheme = protocol.slice(0, -1)
  if (!uri.startsWith(`${scheme}:/`)) return undefined
  const allowed = PRIVATE_USE_SCHEMES.includes(scheme) || schemes.includes(scheme) || REVERSE_DOMAIN_SCHEME.test(scheme)
  return allowed ? 'private-use' : undefined
}

/** Whether a URI leads to the authorization server itself: an answer there would look as if nobody got it. */
export function leadsToIssuer(uri: string, issuer: string): boolean {
  const { protocol, hostname, port } = new URL(uri)
  const own = new URL(issuer)
  return protocol === own.protocol && port === own.port && hostname.replace(/\.$/, '') === own.hostname
}

/** Whether a URI's host is an IP address or this machine by name: whatever the scheme, no one answers for it. */
export function isLocalOrAddress(uri: string): boolean {
  const host = new URL(uri).hostname.replace(/\.$/, '')
  return host.startsWith('[') || isIPv4(host) || host === 'localhost' || host.endsWith('.localhost')
}

/**
 * Whether a client registered this redirect URI (AS-06): the exact string, except that a loopback one may have any port
 * (RFC 8252 §7.3), and its root may be written with or without a slash (CL-01, VS Code).
 */
export function isRegisteredRedirectUri(uri: string, registered: readonly string[]): boolean {
  if (registered.includes(uri)) return true
  const wanted = withoutLoopbackPort(uri)
  return wanted !== undefined && registered.some((candidate) => withoutLoopbackPort(candidate) === wanted)
}

function withoutLoopbackPort(uri: string): string | undefined {
  const [, host, , rest] = LOOPBACK.exec(uri) ?? []
  if (host === undefined || rest === undefined) return undefined
  return `http://${host}${rest.startsWith('/') ? rest : `/${rest}`}`
}

/**
 * Whether an error may be redirected here without a click (AS-04, RFC 9700 §4.11.2). With open registration, that a
 * client registered a URI says only that somebody did.
 * @param hosts the config's, beside the built-in ones
 */
export function mayReceiveErrors(uri: string, hosts: readonly string[]): boolean {
  if (LOOPBACK.test(uri)) return true
  const { protocol, hostname, port } = new URL(uri)
  return protocol === 'https:' && port === '' && (KNOWN_HOSTS.includes(hostname) || hosts.includes(hostname))
}

/** Where a redirect goes, in words for a person. */
export function destination(uri: string): string {
  const { protocol, host } = new URL(uri)
  if (LOOPBACK.test(uri)) return 'a program on this computer'
  return protocol === 'https:' ? host : `the application that opens ${protocol} links`
}
