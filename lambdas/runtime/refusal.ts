/** JSON-RPC 2.0 and MCP error codes used before a message reaches the SDK. */
export const PARSE_ERROR = -32700
export const INVALID_REQUEST = -32600
export const INVALID_PARAMS = -32602
export const INTERNAL_ERROR = -32603
/** Implementation-defined: what is wrong is the HTTP request, not the message. */
export const TRANSPORT_ERROR = -32000
/** MCP 2026-07-28: `UnsupportedProtocolVersion`. */
export const UNSUPPORTED_PROTOCOL_VERSION = -32022

/** A request that is not served, in JSON-RPC's form. */
export interface Refusal {
  readonly statusCode: number
  readonly rpcCode: number
  /** Stable, for programs: `data.code`. */
  readonly code: string
  readonly message: string
  readonly data?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  /** The id of the message that is refused, where one could be read. */
  readonly id?: string | number | undefined
}

/** The JSON-RPC error response of a refusal. */
export function refusalBody({ rpcCode, code, message, data, id }: Refusal, requestId: string): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    error: { code: rpcCode, message, data: { ...data, code, requestId } },
    id: id ?? null,
  })
}
