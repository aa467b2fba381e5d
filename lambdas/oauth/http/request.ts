import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { parseCookies } from './cookies.ts'
import { type Parameters, parseParameters } from './parameters.ts'

export interface Request {
  readonly method: string
  readonly path: string
  /** API Gateway's route that the request came by. */
  readonly routeKey: string
  readonly query: Parameters
  /** The query as it was sent. */
  readonly rawQuery: string
  header(name: string): string | undefined
  cookie(name: string): string | undefined
  readonly cookies: ReadonlyMap<string, string>
  readonly body: Buffer
  readonly requestId: string
}

/** Reads an HTTP API event (payload 2.0): lower-case headers, a list of cookies, form bodies in base64 (PLATFORM 8). */
export function readRequest(event: APIGatewayProxyEventV2): Request {
  const headers = new Map(Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  const cookies = parseCookies(event.cookies ?? [])
  const rawQuery = event.rawQueryString ?? ''
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    routeKey: event.routeKey,
    query: parseParameters(rawQuery),
    rawQuery,
    header: (name) => headers.get(name),
    cookie: (name) => cookies.get(name),
    cookies,
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    requestId: event.requestContext.requestId,
  }
}
