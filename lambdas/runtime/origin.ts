/** `http://localhost:6274`, `http://127.0.0.1`, `http://[::1]:8080`: pages of programs on the person's own machine. */
const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

/**
 * Whether a request with this `Origin` may be served (RS-04, DNS rebinding). Only browsers send one; absent is allowed,
 * `null` is not.
 * @param allowed exact origins
 */
export function isOriginAllowed(origin: string | undefined, allowed: readonly string[]): boolean {
  return origin === undefined || LOOPBACK_ORIGIN.test(origin) || allowed.includes(origin)
}
