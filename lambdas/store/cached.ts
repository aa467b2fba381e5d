/**
 * Remembers what a read returned. Parallel callers share one read; a failure is not remembered.
 * @param seconds how long
 * @param now seconds since the epoch
 */
export function cached<Result>(read: () => Promise<Result>, seconds: number, now: () => number): () => Promise<Result> {
  let kept: { readonly result: Result; readonly at: number } | undefined
  let reading: Promise<Result> | undefined

  async function refresh(): Promise<Result> {
    const at = now()
    const result = await read()
    kept = { result, at }
    return result
  }

  return async () => {
    if (kept !== undefined && now() - kept.at < seconds) return kept.result
    reading ??= refresh().finally(() => {
      reading = undefined
    })
    return reading
  }
}
