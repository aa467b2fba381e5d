/** The promise's value, or 'late' when it has not settled in time; it goes on by itself then. */
export async function within<T>(milliseconds: number, pending: Promise<T>): Promise<T | 'late'> {
  const { promise, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(resolve, milliseconds, 'late')
  try {
    return await Promise.race([pending, promise])
  } finally {
    clearTimeout(timer)
  }
}
