import { LOOPBACK_HOSTS } from '../../model/loopback-hosts.ts'

/** Whether clients may be sent there: https, or this very machine. */
export function isTrustworthy(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol } = new URL(url)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(url))
}

/** Whether an answer may send us to a URL: one from elsewhere has no business with what runs on this machine. */
export function mayLeadTo(from: string, url: string): boolean {
  return isTrustworthy(url) && (isLoopback(from) || !isLoopback(url))
}

export function isLoopback(url: string): boolean {
  return LOOPBACK_HOSTS.includes(new URL(url).hostname)
}
