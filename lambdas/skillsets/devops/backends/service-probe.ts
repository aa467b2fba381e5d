/** A service as the config names it; its URL complete. */
export interface Service {
  readonly name: string
  readonly url: string
}

/** What one request to a service showed. */
export interface ProbeResult {
  readonly service: string
  /** `healthy`: answered 2xx in time. `unhealthy`: answered otherwise. `unreachable`: did not answer. */
  readonly status: 'healthy' | 'unhealthy' | 'unreachable'
  /** Absent where nothing answered. */
  readonly httpStatus?: number | undefined
  readonly latencyMs: number
  /** RFC 3339 in UTC. */
  readonly checkedAt: string
  /** Why it is not healthy. */
  readonly reason?: string | undefined
}

export interface ProbeEnvironment {
  readonly fetch: typeof fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly timeoutMs: number
}

/**
 * One GET to the service's URL: no redirect followed (a health URL that moved is not healthy), no body kept.
 * @throws the signal's reason when the caller aborts; never for a fault of the service
 */
export async function probe(
  { name, url }: Service,
  { fetch, now, timeoutMs }: ProbeEnvironment,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const startedAt = now()
  const measured = () => ({
    service: name,
    latencyMs: Math.max(0, now() - startedAt),
    checkedAt: new Date(startedAt).toISOString(),
  })
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: '*/*', 'user-agent': 'mcp-factory-health' },
      signal: AbortSignal.any([signal, timeout]),
    })
    await response.body?.cancel()
    if (response.ok) return { ...measured(), status: 'healthy', httpStatus: response.status }
    return {
      ...measured(),
      status: 'unhealthy',
      httpStatus: response.status,
      reason: response.status >= 300 && response.status < 400 ? 'redirects are not followed' : 'not a 2xx status',
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    return {
      ...measured(),
      status: 'unreachable',
      reason: timeout.aborted ? `no answer within ${timeoutMs} ms` : networkFault(error),
    }
  }
}

/** The system's error code alone: messages may carry addresses. */
function networkFault(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'no connection'
  return `could not connect (${code})`
}
