import type { APIGatewayProxyEvent } from 'aws-lambda'

/** The request as this server reads it, free of everything it does not need. */
export interface IncomingRequest {
  readonly method: string
  readonly origin: string | undefined
  readonly headers: Headers
  readonly body: Buffer
}

/**
 * The only headers that get past this point, beside `Mcp-Param-*`. `Authorization`, cookies, `x-user-*`, forwarding
 * headers and whatever else a client or a proxy added are gone before the SDK or an ability runs.
 */
const NEEDED_HEADERS = ['accept', 'content-type', 'mcp-protocol-version', 'mcp-session-id', 'mcp-method', 'mcp-name']
const PARAMETER_HEADER = /^mcp-param-/
const isNeededHeader = (name: string) => NEEDED_HEADERS.includes(name) || PARAMETER_HEADER.test(name)

/**
 * Reads a REST API's proxy event. Repeated headers are joined, so that none is overlooked.
 * @param isNeeded by a header's name in lower case: the others are not read
 */
export function readRequest(event: APIGatewayProxyEvent, isNeeded = isNeededHeader): IncomingRequest {
  const headers = new Headers()
  let origin: string | undefined
  for (const [name, values = []] of Object.entries(event.multiValueHeaders ?? {})) {
    const lowerCase = name.toLowerCase()
    if (lowerCase === 'origin') origin = [...(origin === undefined ? [] : [origin]), ...values].join(', ')
    if (isNeeded(lowerCase)) for (const value of values) headers.append(lowerCase, asOnTheWire(value))
  }
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')
  return { method: event.httpMethod, origin, headers, body }
}

/** API Gateway decodes header values; Headers takes bytes only. What was not ASCII must not match by luck. */
function asOnTheWire(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1')
}
