/** Milliseconds: shorter than some cold starts. */
const TIMEOUT = 2_000

/**
 * Asks a server's health URL and believes its status code alone: the body is not read, a redirect is no answer, nothing
 * of ours is sent.
 * @returns undefined where no answer came in time: its function may be starting
 */
export async function isUp(healthUrl: string): Promise<boolean | undefined> {
  try {
    const response = await fetch(healthUrl, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT) })
    await response.body?.cancel()
    return response.status === 200
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? undefined : false
  }
}
