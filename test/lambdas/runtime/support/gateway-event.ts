import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { AuthorizerContext } from '../../../../model/authorizer-context.ts'

/** Far in the future, so that no token of a test ends by itself. */
export const NEVER = '4102444800'

/** What the gate says of a person who holds, and may hold, these scopes. */
export function admitted(name: string, scope: string, more: Partial<AuthorizerContext> = {}): AuthorizerContext {
  const domain = more.tenant === 'partner' ? 'partner.test' : 'example.com'
  return {
    sub: `sub-of-${name}`,
    email: `${name}@${domain}`,
    name,
    picture: '',
    tenant: 'example',
    scope,
    ceiling: more.scope ?? scope,
    client_id: 'client-1',
    sid: `grant-of-${name}`,
    jti: `token-of-${name}`,
    exp: NEVER,
    ...more,
  }
}

export interface EventParts {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
  /** undefined: the request did not pass the gate. */
  readonly authorizer: object | undefined
  readonly requestId?: string
}

/** A REST API's proxy event (payload 1.0), as API Gateway makes it. */
export function proxyEvent({ method = 'POST', headers = {}, body, authorizer, requestId }: EventParts) {
  const multiValueHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? [...value] : [value as string]]),
  )
  const event = {
    resource: '/mcp',
    path: '/v1/mcp',
    httpMethod: method,
    headers: Object.fromEntries(Object.entries(multiValueHeaders).map(([name, values]) => [name, values.at(-1)])),
    multiValueHeaders,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body: body === undefined ? null : body.toString(Buffer.isBuffer(body) ? 'base64' : 'utf8'),
    isBase64Encoded: Buffer.isBuffer(body),
    requestContext: { requestId: requestId ?? 'request-1', requestTimeEpoch: Date.now(), authorizer },
  }
  return event as unknown as APIGatewayProxyEvent
}
