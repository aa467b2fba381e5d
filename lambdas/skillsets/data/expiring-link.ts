import type { Bucket } from '../../runtime/bucket.ts'

/** Opens an object for whoever has it, without signing in. */
export interface ExpiringLink {
  readonly url: string
  /** RFC 3339. */
  readonly expiresAt: string
}

export interface LinkTime {
  /** Minutes for which it opens. */
  readonly minutes: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** @param downloadName absent: shown, where the browser can */
export async function linkTo(
  bucket: Bucket,
  key: string,
  { minutes, now }: LinkTime,
  downloadName?: string,
): Promise<ExpiringLink> {
  const seconds = minutes * 60
  const url = await bucket.link(key, { seconds, ...(downloadName !== undefined && { downloadName }) })
  return { url, expiresAt: new Date(now + seconds * 1000).toISOString() }
}
