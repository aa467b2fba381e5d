import { parseJson } from '../../../model/parse-json.ts'
import { UpstreamUnavailable } from './upstream-errors.ts'

/** Seconds that the identity provider may take for one answer. */
const TIMEOUT = 5

export interface ProviderAnswer {
  readonly status: number
  /** The body's JSON; undefined where it is none. */
  readonly json: unknown
}

/**
 * Sends one request to the identity provider and reads its JSON. No redirect is followed: what is sent may be a secret.
 * @throws UpstreamUnavailable where it does not answer
 */
export async function askProvider(url: string, init: RequestInit = {}): Promise<ProviderAnswer> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT * 1000)
    const response = await fetch(url, {
      ...init,
      headers: { Accept: 'application/json', ...init.headers },
      redirect: 'error',
      signal,
    })
    return { status: response.status, json: parseJson(await response.text()) }
  } catch (cause) {
    throw new UpstreamUnavailable('the identity provider does not answer', { cause })
  }
}
