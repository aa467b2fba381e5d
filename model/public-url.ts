import { isIPv4 } from 'node:net'

const LONGEST = 256

/**
 * A URL that may be fetched for a stranger: https at port 443 of a named host, with a path, without user name or
 * fragment. It must be written exactly as a URL parser writes it, so that no two parsers read it differently: no dot
 * segments, no capitals in the host, no IP address in decimal, octal or hexadecimal, no default port.
 *
 * Node never asks `lookup` about an IP literal: one that came this far would be connected to unchecked.
 * @returns undefined for any other
 */
export function publicUrl(text: string): URL | undefined {
  if (text.length > LONGEST || !text.startsWith('https://') || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const { href, hostname, pathname, port, username, password, hash } = url
  if (href !== text || pathname === '/' || port !== '' || username !== '' || password !== '') return undefined
  if (hash !== '' || text.includes('#')) return undefined
  const named = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(hostname) && !isIPv4(hostname)
  return named ? url : undefined
}
