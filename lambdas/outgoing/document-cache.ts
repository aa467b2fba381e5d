import type { FetchPublicJson } from './fetch-public-json.ts'

/** Documents kept in memory; the one that was not used for longest goes first. */
const MOST_KEPT = 100

interface Kept<Document> {
  readonly document: Document
  /** Seconds since the epoch. */
  readonly readAt: number
  readonly freshUntil: number
}

/**
 * Reads documents from URLs that strangers name, and keeps the valid ones as long as they say. Failures and invalid
 * documents are not kept; parallel readers share one request.
 * @param read makes the document of the JSON; throws where it is not valid
 * @param now seconds since the epoch
 */
export function documentCache<Document>(
  fetchJson: FetchPublicJson,
  read: (json: unknown, url: string) => Document | Promise<Document>,
  now: () => number,
) {
  const kept = new Map<string, Kept<Document>>()
  const reading = new Map<string, Promise<Document>>()

  async function fetchDocument(url: string): Promise<Document> {
    const { json, freshFor } = await fetchJson(url)
    const document = await read(json, url)
    keep(url, { document, readAt: now(), freshUntil: now() + freshFor })
    return document
  }

  /** The newest is the last. */
  function keep(url: string, entry: Kept<Document>): void {
    kept.delete(url)
    kept.set(url, entry)
    const [oldest] = kept.keys()
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
  }

  /**
   * @param youngerThan seconds: an older copy is not good enough, however long it is fresh
   * @throws OutgoingFailed, and what `read` throws
   */
  return async (url: string, youngerThan = Number.POSITIVE_INFINITY): Promise<Document> => {
    const found = kept.get(url)
    if (found !== undefined && now() < found.freshUntil && now() - found.readAt < youngerThan) {
      keep(url, found)
      return found.document
    }
    const request = reading.get(url) ?? fetchDocument(url).finally(() => reading.delete(url))
    reading.set(url, request)
    return request
  }
}
