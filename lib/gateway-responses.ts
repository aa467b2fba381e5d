import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway'
import { BROWSER_HEADERS } from './browser-headers.ts'

interface Answer {
  readonly id: string
  readonly type: ResponseType
  /** Absent: the status of the case that the default stands for. */
  readonly statusCode?: string
  /** Stable; for programs. */
  readonly code: string
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

/** JSON-RPC 2.0: the request was not acceptable, or the server failed. Codes of its own would collide with MCP's. */
const INVALID_REQUEST = -32600
const INTERNAL_ERROR = -32603

const retryAfter = (seconds: number) => ({ 'Retry-After': `'${seconds}'` })

/**
 * Everything API Gateway answers before a function runs, or instead of one. Added through `addGatewayResponse` alone:
 * that changes the deployment, so that a new challenge is really served (PLATFORM 23c).
 * @param challenge the `WWW-Authenticate` of a 401 (RS-02), the same for every caller
 */
export function addGatewayResponses(api: RestApi, challenge: string): void {
  for (const { id, type, statusCode, code, message, headers } of answers(challenge))
    api.addGatewayResponse(id, {
      type,
      ...(statusCode !== undefined && { statusCode }),
      responseHeaders: { ...BROWSER_HEADERS, ...headers },
      templates: { 'application/json': errorBody(code, message, statusCode ?? id) },
    })
}

function answers(challenge: string): Answer[] {
  const unavailable = {
    statusCode: '503',
    code: 'temporarily_unavailable',
    message: 'The token could not be checked. Try again.',
    headers: retryAfter(5),
  }
  return [
    {
      id: 'Unauthorized',
      type: ResponseType.UNAUTHORIZED,
      statusCode: '401',
      code: 'unauthorized',
      message: 'A valid access token for this server is needed.',
      // The authorizer threw, so there is no context: the whole value is a literal (PLATFORM 2).
      headers: { 'WWW-Authenticate': `'${challenge}'` },
    },
    {
      id: 'AccessDenied',
      type: ResponseType.ACCESS_DENIED,
      statusCode: '403',
      code: 'forbidden',
      message: 'The access token does not permit this. WWW-Authenticate says what would.',
      headers: { 'WWW-Authenticate': 'context.authorizer.challenge' },
    },
    { id: 'AuthorizerFailure', type: ResponseType.AUTHORIZER_FAILURE, ...unavailable },
    { id: 'AuthorizerConfigurationError', type: ResponseType.AUTHORIZER_CONFIGURATION_ERROR, ...unavailable },
    // What a REST API says of a path or method that it does not have (PLATFORM 7).
    {
      id: 'MissingRoute',
      type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
      statusCode: '404',
      code: 'not_found',
      message: 'Nothing is served here. An MCP server is at the URL that ends in /mcp.',
    },
    {
      id: 'ResourceNotFound',
      type: ResponseType.RESOURCE_NOT_FOUND,
      statusCode: '404',
      code: 'not_found',
      message: 'Nothing is served here.',
    },
    {
      id: 'Throttled',
      type: ResponseType.THROTTLED,
      statusCode: '429',
      code: 'too_many_requests',
      message: 'Too many requests. Try again later.',
      headers: retryAfter(1),
    },
    {
      id: 'QuotaExceeded',
      type: ResponseType.QUOTA_EXCEEDED,
      statusCode: '429',
      code: 'quota_exceeded',
      message: 'The quota is used up. Try again later.',
      headers: retryAfter(3600),
    },
    {
      id: 'RequestTooLarge',
      type: ResponseType.REQUEST_TOO_LARGE,
      statusCode: '413',
      code: 'request_too_large',
      message: 'The request is too large.',
    },
    {
      id: 'IntegrationTimeout',
      type: ResponseType.INTEGRATION_TIMEOUT,
      statusCode: '504',
      code: 'timeout',
      message: 'The server did not answer in time.',
    },
    {
      id: 'IntegrationFailure',
      type: ResponseType.INTEGRATION_FAILURE,
      statusCode: '502',
      code: 'bad_gateway',
      message: 'The server could not be reached.',
    },
    // No status of their own: one would stand in place of the 400s and 500s of every case not named above.
    {
      id: 'Default4xx',
      type: ResponseType.DEFAULT_4XX,
      code: 'bad_request',
      message: 'The request is not acceptable.',
    },
    { id: 'Default5xx', type: ResponseType.DEFAULT_5XX, code: 'internal_error', message: 'The server failed.' },
  ]
}

/** A JSON-RPC error, which MCP clients show, with the stable code and the request id that the logs carry. */
function errorBody(code: string, message: string, status: string): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id: null,
    error: {
      code: status.startsWith('5') || status === 'Default5xx' ? INTERNAL_ERROR : INVALID_REQUEST,
      message,
      data: { code, requestId: '$context.requestId' },
    },
  })
}
