import { ACCOUNT } from '../resource-types.ts'
import type { AuthorizerContext } from './authorizer.ts'
import { requestTime } from './context.ts'
import { type HeaderList, headerValue, integrationRequestHeaders, mediaType } from './headers.ts'
import { isBinary } from './lambda-integration.ts'
import type { GatewayRequest } from './request.ts'

/** What routing found of a request to a REST API. */
export interface RestRoute {
  readonly apiId: string
  readonly stage: string
  readonly stageVariables: Readonly<Record<string, string>>
  /** '' where no resource has the path. */
  readonly resourceId: string
  readonly resourcePath: string
  /** What a greedy part of the path (`{proxy+}`) stands for. */
  readonly pathParameters: Readonly<Record<string, string>>
  /** Without the stage; with a custom domain the mapping key stays in it (PLATFORM 6). */
  readonly eventPath: string
  /** Without the stage or mapping key: what ARNs name. */
  readonly methodPath: string
  readonly domainName: string
}

/** A method's part of its ARN: what policies and permissions name. */
export function methodSource({ apiId, stage }: RestRoute, method: string, path: string): string {
  return `${apiId}/${stage}/${method}/${path.slice(1)}`
}

/** `requestContext`, which is also `$context` of expressions and logs. */
export function restContext(request: GatewayRequest, route: RestRoute, authorizer?: AuthorizerContext) {
  return {
    resourceId: route.resourceId,
    resourcePath: route.resourcePath,
    httpMethod: request.method,
    extendedRequestId: request.extendedId,
    requestTime: requestTime(request.receivedAt),
    // As the client sent it: with the stage, or with the custom domain's mapping key.
    path: request.path,
    accountId: ACCOUNT,
    protocol: request.protocol,
    stage: route.stage,
    domainPrefix: route.domainName.split('.')[0],
    requestTimeEpoch: request.receivedAt.getTime(),
    requestId: request.id,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: request.sourceIp,
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: headerValue(request.headers, 'User-Agent') ?? null,
      user: null,
    },
    domainName: route.domainName,
    apiId: route.apiId,
    ...(authorizer && { authorizer }),
  }
}

/** The Lambda proxy integration's event (format 1.0). */
export function restProxyEvent(
  request: GatewayRequest & { readonly body: Buffer },
  route: RestRoute,
  authorizer: AuthorizerContext | undefined,
  binaryMediaTypes: readonly string[],
): object {
  const binary = isBinary(mediaType(headerValue(request.headers, 'Content-Type')), binaryMediaTypes)
  const empty = request.body.length === 0
  return {
    ...common(request, route),
    requestContext: restContext(request, route, authorizer),
    body: empty ? null : request.body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary && !empty,
  }
}

/** A REQUEST authorizer's event: no body, and no nulls where there is nothing. */
export function authorizerEvent(request: GatewayRequest, route: RestRoute, methodArn: string): object {
  const event = common(request, route)
  const filled = Object.entries(event).map(([name, value]) => [name, value ?? {}])
  return { type: 'REQUEST', methodArn, ...Object.fromEntries(filled), requestContext: restContext(request, route) }
}

function common(request: GatewayRequest, route: RestRoute) {
  const headers = integrationRequestHeaders(request.headers, request)
  const query = [...new URLSearchParams(request.query)]
  return {
    resource: route.resourcePath,
    path: route.eventPath,
    httpMethod: request.method,
    headers: nullIfEmpty(Object.fromEntries(headers)),
    multiValueHeaders: nullIfEmpty(multiple(headers)),
    queryStringParameters: nullIfEmpty(Object.fromEntries(query)),
    multiValueQueryStringParameters: nullIfEmpty(multiple(query)),
    pathParameters: nullIfEmpty(route.pathParameters),
    stageVariables: nullIfEmpty(route.stageVariables),
  }
}

function multiple(list: HeaderList): Record<string, string[]> {
  const values: Record<string, string[]> = Object.create(null)
  for (const [name, value] of list) values[name] = [...(values[name] ?? []), value]
  return { ...values }
}

function nullIfEmpty<T extends object>(map: T): T | null {
  return Object.keys(map).length === 0 ? null : map
}
