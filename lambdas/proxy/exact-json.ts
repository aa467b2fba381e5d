/** Node's JSON, which TypeScript's library does not know whole yet. */
const { parse, rawJSON } = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown
  rawJSON(text: string): unknown
}

/**
 * Parses JSON so that `JSON.stringify` writes every number as it came: one larger than a double holds is not rounded.
 * Of keys that repeat the last one is left, so that whoever reads the text next cannot see another.
 * @throws SyntaxError
 */
export function parseExactly(text: string): unknown {
  return parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? rawJSON(source) : value,
  )
}
