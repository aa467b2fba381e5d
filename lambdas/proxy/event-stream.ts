/**
 * Splits a `text/event-stream` body (HTML, "Server-sent events") into its events, line breaks made `\n`, the blank line
 * at the end included. What is left without one at the end of the stream is no event.
 * @param largest characters of one event
 * @throws Error for a larger one
 */
export async function* eventStream(body: AsyncIterable<Uint8Array>, largest: number): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let pending = ''
  let held = ''
  for await (const chunk of body) {
    const text = held + decoder.decode(chunk, { stream: true })
    // Perhaps half of a line break.
    held = text.endsWith('\r') ? '\r' : ''
    pending += text.slice(0, text.length - held.length).replaceAll(/\r\n?/g, '\n')
    for (let end = pending.indexOf('\n\n'); end !== -1; end = pending.indexOf('\n\n')) {
      yield pending.slice(0, end + 2)
      pending = pending.slice(end + 2)
    }
    if (pending.length > largest) throw new Error('an event is too large')
  }
}

/** An event's data; '' where it has none. */
export function eventData(event: string): string {
  return event
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).replace(/^ /, ''))
    .join('\n')
}

/** The event with other data, which has no line break. */
export function withData(event: string, data: string): string {
  const others = event.split('\n').filter((line) => line !== '' && !line.startsWith('data:'))
  return `${[...others, `data: ${data}`].join('\n')}\n\n`
}
