import { ACCOUNT } from '../resource-types.ts'
import { requestTime } from './context.ts'
import { headerValue, integrationRequestHeaders, mediaType } from './headers.ts'
import type { GatewayRequest } from './request.ts'

/** What routing found of a request to an HTTP API. */
export interface HttpRoute {
  readonly apiId: string
  readonly stage: string
  /** '' where there is no route for the request. */
  readonly routeKey: string
  /** Without a custom domain's mapping key. */
  readonly rawPath: string
  readonly domainName: string
}

/** `requestContext` of format 2.0. */
export function httpContext(request: GatewayRequest, { apiId, stage, routeKey, rawPath, domainName }: HttpRoute) {
  return {
    accountId: ACCOUNT,
    apiId,
    domainName,
    domainPrefix: domainName.split('.')[0],
    http: {
      method: request.method,
      path: rawPath,
      protocol: request.protocol,
      sourceIp: request.sourceIp,
      userAgent: headerValue(request.headers, 'User-Agent') ?? '',
    },
    requestId: request.extendedId,
    routeKey,
    stage,
    time: requestTime(request.receivedAt),
    timeEpoch: request.receivedAt.getTime(),
  }
}

/** The Lambda proxy integration's event in format 2.0 (PLATFORM 8). */
export function httpProxyEvent(request: GatewayRequest & { readonly body: Buffer }, route: HttpRoute): object {
  const headers: Record<string, string> = {}
  const cookies: string[] = []
  for (const [name, value] of integrationRequestHeaders(request.headers, request)) {
    const key = name.toLowerCase()
    if (key === 'cookie') cookies.push(...value.split(';').map((cookie) => cookie.replace(/^ +| +$/g, '')))
    else headers[key] = Object.hasOwn(headers, key) ? `${headers[key]},${value}` : value
  }
  const query = new URLSearchParams(request.query)
  const text = isText(mediaType(headers['content-type']))
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: route.rawPath,
    rawQueryString: request.query,
    ...(cookies.length > 0 && { cookies }),
    headers: { ...headers, 'content-length': String(request.body.length) },
    ...(query.size > 0 && {
      queryStringParameters: Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name).join(',')])),
    }),
    requestContext: httpContext(request, route),
    ...(request.body.length > 0 && { body: request.body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !text,
  }
}

/** Forms are not text here: they arrive base64 (PLATFORM 8). */
function isText(type: string | undefined): boolean {
  return type !== undefined && /^(text\/.+|application\/(json|javascript|xml|.+\+(json|xml)))$/.test(type)
}
