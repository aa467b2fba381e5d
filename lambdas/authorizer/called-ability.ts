import type { RequestFacts } from './request-facts.ts'

/** The first revision in which requests name their method and tool in headers (SEP-2243). */
export const HEADERS_NAME_THE_TOOL = '2026-07-28'
/** What `Mcp-Name` is of each: a tool's name, a prompt's name, a resource's URI. */
const NAMING_METHODS: readonly (string | undefined)[] = ['tools/call', 'prompts/get', 'resources/read']
const PROTOCOL_REVISION = /^\d{4}-\d{2}-\d{2}$/
/** The encoding of header values that are not plain ASCII: canonical base64 of UTF-8. */
const ENCODED = /^=\?base64\?((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)\?=$/
const ENCODED_PREFIX = '=?base64?'
const ENCODED_SUFFIX = '?='

/**
 * The ability, prompt or resource that a request's headers say it is for, or undefined where they say nothing that can
 * be judged: an older protocol (RS-05: mcp-remote sends `Mcp-Method: initialize` on 2025-era traffic), a header missing,
 * repeated or malformed. The headers can only refuse a request: the runtime demands them and holds them against the body.
 */
export function calledAbility(request: Omit<RequestFacts, 'bearer'>): string | undefined {
  const version = only(request.protocolVersions)
  if (version === undefined || !PROTOCOL_REVISION.test(version) || version < HEADERS_NAME_THE_TOOL) return undefined
  if (!NAMING_METHODS.includes(only(request.mcpMethods))) return undefined
  const name = only(request.mcpNames)
  return name === undefined ? undefined : decodeHeaderValue(name)
}

/**
 * A header value as MCP 2026-07-28 encodes it.
 * @returns undefined where the value claims the encoding and is not canonical base64 of UTF-8 */
export function decodeHeaderValue(value: string): string | undefined {
  if (!value.startsWith(ENCODED_PREFIX) || !value.endsWith(ENCODED_SUFFIX)) return value
  const encoded = ENCODED.exec(value)?.[1]
  if (encoded === undefined) return undefined
  const bytes = Buffer.from(encoded, 'base64')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Field values come without the white space around them (RFC 9110 §5.5); proxies differ in removing it. `trim` removes
 * more than that, which the runtime then finds to differ from the body.
 */
function only(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0]?.trim() : undefined
}
