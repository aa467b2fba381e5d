/** Query or form parameters, with RFC 6749 §3.1's rules: one without a value is omitted, none may be repeated. */
export interface Parameters {
  get(name: string): string | undefined
  /** Every value, for fields that are a list by design. */
  all(name: string): string[]
  /** The names that were given more than once. */
  readonly repeated: readonly string[]
}

/**
 * Reads `application/x-www-form-urlencoded` text: a form, or `rawQueryString`, because API Gateway joins repeated query
 * parameters with commas in its parsed form (PLATFORM 8).
 */
export function parseParameters(text: string): Parameters {
  const pairs = Map.groupBy(new URLSearchParams(text), ([name]) => name)
  const all = (name: string) => (pairs.get(name) ?? []).map(([, value]) => value).filter((value) => value !== '')
  return {
    get: (name) => all(name)[0],
    all,
    repeated: [...pairs].flatMap(([name, given]) => (given.length > 1 ? name : [])),
  }
}
