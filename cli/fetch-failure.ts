/** Node's `fetch failed` says nothing; its cause does. @param timeout milliseconds */
export function fetchFailure({ name, message, cause }: Error, timeout: number): string {
  if (name === 'TimeoutError') return `no answer within ${timeout / 1000} s`
  const { code, message: reason } = (cause ?? {}) as { code?: string; message?: string }
  return code ?? reason ?? message
}
