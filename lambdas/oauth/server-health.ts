/** Milliseconds. */
const TIMEOUT = 2_000

/**
 * Asks a server's health URL and believes its status code alone: the body is not read, a redirect is no answer, nothing
 * of ours is sent.
 */
export async function isUp(healthUrl: string): Promise<boolean> {
  try {
    const response = await fetch(healthUrl, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT) })
    await response.body?.cancel()
    return response.status === 200
  } catch {
    return false
  }
}
