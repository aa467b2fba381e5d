/** One request that an MCP client made, and its answer. */
export interface Exchange {
  readonly method: string
  readonly url: URL
  readonly status: number
  /** The answer's headers. */
  readonly headers: Headers
}

/** A `fetch` that tells of every exchange once its answer has begun. */
export function observedFetch(observe: (exchange: Exchange) => void): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const url = new URL(input instanceof Request ? input.url : input)
    observe({ method: init?.method ?? 'GET', url, status: response.status, headers: response.headers })
    return response
  }
}
