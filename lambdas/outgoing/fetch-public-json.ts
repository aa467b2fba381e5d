import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { parseJson } from '../../model/parse-json.ts'
import { publicUrl } from '../../model/public-url.ts'
import { checkingLookup } from './checking-lookup.ts'
import { freshness } from './freshness.ts'
import { OutgoingFailed } from './outgoing-failed.ts'
import { requestLimits } from './request-limits.ts'

/** Bytes of a body, and of an answer's headers. */
const LARGEST = 5120
/** Milliseconds from the question to DNS until the last byte. */
const TIMEOUT = 3000

export interface PublicJson {
  readonly json: unknown
  /** Seconds for which it may be used again. */
  readonly freshFor: number
}

/**
 * Reads a JSON document from a URL that a stranger named. Nothing of ours is sent, no redirect is followed, no address
 * that is not public is connected to.
 * @throws OutgoingFailed
 */
export type FetchPublicJson = (url: string) => Promise<PublicJson>

/** @param now milliseconds */
export function publicJsonFetcher(now: () => number): FetchPublicJson {
  const limits = requestLimits(now)
  return async (text) => {
    const url = publicUrl(text)
    if (url === undefined) throw new OutgoingFailed('url_not_allowed', 'the URL may not be fetched')
    const leave = limits.enter(url.hostname)
    try {
      return await request(url, now)
    } catch (cause) {
      throw cause instanceof OutgoingFailed
        ? cause
        : new OutgoingFailed('unreachable', `${url.hostname} does not answer`, { cause })
    } finally {
      leave()
    }
  }
}

async function request(url: URL, now: () => number): Promise<PublicJson> {
  const outgoing = get(url, {
    // A connection of its own, made through the lookup; none that waits from before, and no proxy.
    agent: false,
    lookup: checkingLookup,
    signal: AbortSignal.timeout(TIMEOUT),
    maxHeaderSize: LARGEST,
    // Also where the environment says otherwise.
    rejectUnauthorized: true,
    headers: { accept: 'application/json', 'accept-encoding': 'identity', connection: 'close' },
  })
  try {
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    assertAcceptable(response)
    return { json: await readJson(response), freshFor: freshness(response.headers, now()) }
  } finally {
    // What is destroyed may still report that it was.
    outgoing.on('error', () => undefined).destroy()
  }
}

function assertAcceptable({ statusCode, headers }: IncomingMessage): void {
  if (statusCode !== 200) throw unacceptable(`its status is ${statusCode}`)
  if (!/^application\/([\w.+-]+\+)?json *(;|$)/i.test(headers['content-type'] ?? ''))
    throw unacceptable('it is no JSON')
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST) throw unacceptable(`it is longer than ${LARGEST} bytes`)
    chunks.push(chunk)
  }
  const json = parseJson(decode(Buffer.concat(chunks)))
  if (json === undefined) throw unacceptable('it is malformed')
  return json
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw unacceptable('it is not UTF-8')
  }
}

function unacceptable(why: string): OutgoingFailed {
  return new OutgoingFailed('unacceptable_answer', `the answer cannot be used: ${why}`)
}
