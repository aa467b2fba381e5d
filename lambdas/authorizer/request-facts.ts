/** What the gate looks at of a request; the method and the path play no part (RS-02: GET and DELETE alike). */
export interface RequestFacts {
  /** The bearer token, or why there is none. */
  readonly bearer: { readonly token: string } | { readonly refused: string }
  /** Every value of `MCP-Protocol-Version`, `Mcp-Method` and `Mcp-Name`. */
  readonly protocolVersions: readonly string[]
  readonly mcpMethods: readonly string[]
  readonly mcpNames: readonly string[]
}

/** API Gateway's `multiValueHeaders`: every value of every header, names as the client spelled them. */
export type MultiValueHeaders = Readonly<Record<string, readonly string[] | undefined>>

/** RFC 6750 §2.1: one scheme, in any case (RFC 9110 §11.1), one b64token, nothing after it. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i

/**
 * Reads a request's headers. Names are compared without regard to case, and spellings that differ count as one header,
 * so that a second `Authorization` cannot hide behind another spelling. A token is taken from nowhere else: not from the
 * query string, not from a body (RS-02).
 */
export function readRequestFacts(headers: MultiValueHeaders | null | undefined): RequestFacts {
  const authorization: string[] = []
  const protocolVersions: string[] = []
  const mcpMethods: string[] = []
  const mcpNames: string[] = []
  const read: Readonly<Record<string, string[]>> = {
    authorization,
    'mcp-protocol-version': protocolVersions,
    'mcp-method': mcpMethods,
    'mcp-name': mcpNames,
  }
  for (const spelled in headers) {
    const name = spelled.toLowerCase()
    if (Object.hasOwn(read, name)) read[name]?.push(...(headers[spelled] ?? []))
  }
  return { bearer: readBearer(authorization), protocolVersions, mcpMethods, mcpNames }
}

function readBearer(values: readonly string[]): RequestFacts['bearer'] {
  const [value] = values
  if (value === undefined) return { refused: 'no Authorization header' }
  if (values.length > 1) return { refused: 'more than one Authorization header' }
  const token = BEARER.exec(value)?.[1]
  return token === undefined ? { refused: 'Authorization is not one Bearer token' } : { token }
}
