/**
 * A path that reads the same decoded or not, in any dialect: no percent sign, no backslash, no `;` (which some servers
 * cut segments at), no empty segment.
 */
const SUFFIX = /^[\w.~@:+=,-]+(?:\/[\w.~@:+=,-]+)*$/
const ONLY_DOTS = /(?:^|\/)\.+(?:\/|$)/

/** API Gateway's query parameters, decoded. */
export type Query = Readonly<Record<string, readonly string[] | undefined>> | null

/**
 * Where a request goes: the configured URL, what stood behind `/mcp`, and the query. It never leaves the configured
 * origin and path.
 * @param suffix API Gateway's `{proxy+}`; undefined or '' where nothing stood behind `/mcp`
 * @returns undefined for a suffix that could mean another path to somebody
 */
export function backendTarget(backend: URL, suffix: string | undefined, query: Query): URL | undefined {
  const target = new URL(backend)
  if (suffix) {
    if (!SUFFIX.test(suffix) || ONLY_DOTS.test(suffix)) return undefined
    target.pathname = `${backend.pathname.replace(/\/$/, '')}/${suffix}`
  }
  // A token in a query string is no token of ours (RS-02), and nobody else's business (RS-03).
  for (const [name, values] of Object.entries(query ?? {}))
    if (name.toLowerCase() !== 'access_token') for (const value of values ?? []) target.searchParams.append(name, value)
  return target
}
