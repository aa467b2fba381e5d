import { OutgoingFailed } from './outgoing-failed.ts'

/** Requests that one instance has under way at a time. */
const MOST_IN_FLIGHT = 4
/** Requests to one host within a window. */
const MOST_PER_HOST = 20
/** Milliseconds. */
const WINDOW = 60_000
/** Hosts that are asked within a window. */
const MOST_HOSTS = 200

/**
 * Keeps this server from being used to flood another one, or to be kept busy by it.
 * @param now milliseconds
 */
export function requestLimits(now: () => number) {
  let inFlight = 0
  let windowEnd = 0
  const requests = new Map<string, number>()
  return {
    /**
     * Counts a request in.
     * @returns what counts it out
     * @throws OutgoingFailed
     */
    enter(host: string): () => void {
      if (now() >= windowEnd) {
        requests.clear()
        windowEnd = now() + WINDOW
      }
      const made = requests.get(host) ?? 0
      if (inFlight >= MOST_IN_FLIGHT || made >= MOST_PER_HOST || (made === 0 && requests.size >= MOST_HOSTS))
        throw new OutgoingFailed('too_many_requests', `too many requests, to ${host} or in all`)
      requests.set(host, made + 1)
      inFlight += 1
      return () => {
        inFlight -= 1
      }
    },
  }
}
