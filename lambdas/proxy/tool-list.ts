import { eventData, eventStream, withData } from './event-stream.ts'
import { parseExactly } from './exact-json.ts'

/** Characters. A list of tools is read whole. */
const LARGEST_LIST = 6 * 1_048_576

export type IsVisible = (tool: string) => boolean

/** Thrown where a list cannot be read, so it is not passed on. */
export class UnreadableList extends Error {
  override readonly name = 'UnreadableList'
}

/**
 * A JSON response without the tools that this person may never use.
 * @throws UnreadableList where it is too large or no JSON
 */
export async function filterJson(body: AsyncIterable<Uint8Array>, isVisible: IsVisible): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > LARGEST_LIST) throw new UnreadableList('a list of tools is too large')
  }
  return filtered(text, isVisible)
}

/**
 * The same of an event stream, event by event.
 * @throws UnreadableList in the midst of the stream
 */
export async function* filterEvents(body: AsyncIterable<Uint8Array>, isVisible: IsVisible): AsyncGenerator<Uint8Array> {
  for await (const event of eventStream(body, LARGEST_LIST)) {
    const data = eventData(event)
    yield Buffer.from(data === '' ? event : withData(event, filtered(data, isVisible)))
  }
}

function filtered(text: string, isVisible: IsVisible): string {
  let messages: unknown
  try {
    messages = parseExactly(text)
  } catch (error) {
    throw new UnreadableList('a list of tools is not JSON', { cause: error })
  }
  for (const message of [messages].flat()) {
    const { result } = (message ?? {}) as { result?: { tools?: unknown } | null }
    if (Array.isArray(result?.tools)) result.tools = result.tools.filter((tool) => isVisible(String(tool?.name)))
  }
  return JSON.stringify(messages)
}
