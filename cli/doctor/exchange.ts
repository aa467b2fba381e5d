import { parseJson } from '../../model/parse-json.ts'
import { fetchFailure } from '../fetch-failure.ts'

/** Bytes. What a factory says without being asked for more is far shorter. */
const LONGEST_BODY = 1_048_576

export interface Question {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** One request and what came of it, for a check to judge. */
export interface Exchange {
  readonly method: string
  readonly url: string
  /** 0 where nothing answered. */
  readonly status: number
  readonly headers: Headers
  readonly body: string
  /** Milliseconds from the request to each part of the body. */
  readonly arrivals: readonly number[]
  /** Why there is no answer, or no end of it. */
  readonly failure?: string
}

export type Ask = (url: string, question?: Question) => Promise<Exchange>

/**
 * Asks over HTTP. Redirects are recorded, never followed: an answer of somebody else would be judged.
 * @param timeout milliseconds that one answer may take, to its last byte
 */
export function asker(timeout: number): Ask {
  return async (url, { method = 'GET', headers = {}, body } = {}) => {
    const arrivals: number[] = []
    const parts: Uint8Array[] = []
    let status = 0
    let answered = new Headers()
    const recorded = () => ({
      method,
      url,
      status,
      headers: answered,
      body: new TextDecoder().decode(Buffer.concat(parts)),
      arrivals,
    })
    const startedAt = performance.now()
    try {
      const response = await fetch(url, {
        method,
        // As it is: a compressed answer would hide its length and its pace.
        headers: { 'Accept-Encoding': 'identity', ...headers },
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
        ...(body !== undefined && { body }),
      })
      status = response.status
      answered = response.headers
      let length = 0
      for await (const part of response.body ?? []) {
        arrivals.push(performance.now() - startedAt)
        parts.push(part)
        length += part.length
        if (length > LONGEST_BODY) return { ...recorded(), failure: `more than ${LONGEST_BODY} bytes` }
      }
      return recorded()
    } catch (error) {
      return { ...recorded(), failure: fetchFailure(error as Error, timeout) }
    }
  }
}

/** The JSON object of an answer; undefined where it is none. */
export function jsonOf({ body }: Exchange): Readonly<Record<string, unknown>> | undefined {
  const value = parseJson(body)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

/** What was wrong with an answer that should have been 200 and a JSON object. */
export function notJson(exchange: Exchange): string | undefined {
  const { status, failure, headers } = exchange
  if (status === 0) return `no answer: ${failure}`
  if (status !== 200) return `status ${status}`
  if (!headers.get('content-type')?.startsWith('application/json'))
    return `content type ${headers.get('content-type') ?? 'absent'}`
  return jsonOf(exchange) ? undefined : 'no JSON object'
}
