import { isIPv4 } from 'node:net'
import { LOOPBACK_REDIRECT } from '../../../model/redirect-uri.ts'

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
  const [, host, , rest] = LOOPBACK_REDIRECT.exec(uri) ?? []
  if (host === undefined || rest === undefined) return undefined
  return `http://${host}${rest.startsWith('/') ? rest : `/${rest}`}`
}

/**
 * Whether an error may be redirected here without a click (AS-04, RFC 9700 §4.11.2). With open registration, that a
 * client registered a URI says only that somebody did.
 * @param hosts the config's, beside the built-in ones
 */
export function mayReceiveErrors(uri: string, hosts: readonly string[]): boolean {
  if (LOOPBACK_REDIRECT.test(uri)) return true
  const { protocol, hostname, port } = new URL(uri)
  return protocol === 'https:' && port === '' && (KNOWN_HOSTS.includes(hostname) || hosts.includes(hostname))
}

/** Where a redirect goes, in words for a person. */
export function destination(uri: string): string {
  const { protocol, host, port } = new URL(uri)
  if (LOOPBACK_REDIRECT.test(uri)) return `a program on your own computer${port === '' ? '' : `, at port ${port}`}`
  return protocol === 'https:' ? host : `the application that opens ${protocol} links`
}
