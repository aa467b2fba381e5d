import middy from '@middy/core'
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse'
import type { APIGatewayProxyEvent, Context } from 'aws-lambda'
import { HEALTH_PATH } from '../../model/resource-urls.ts'
import type { AbilityLog } from './ability-context.ts'
import type { OpenLog } from './ability-log.ts'
import { type Admission, readAdmission } from './gate-context.ts'
import { type IncomingRequest, readRequest } from './incoming-request.ts'
import { INTERNAL_ERROR, type Refusal, refusalBody } from './refusal.ts'
import { responseHeaders } from './response-headers.ts'
import type { StreamedResponse } from './streamed-response.ts'

/** One request to an MCP server. */
export interface Exchange {
  readonly event: APIGatewayProxyEvent
  readonly context: Context
  readonly requestId: string
  readonly request: IncomingRequest
  /** Absent where the request did not pass the gate. */
  readonly admission: Admission | undefined
  readonly log: AbilityLog
  /** Of every response to it. */
  readonly headers: Record<string, string>
  /** Answers and logs. */
  readonly refuse: (refusal: Refusal) => StreamedResponse
}

/** What skillsets and proxies do in ways of their own. */
export interface McpServer {
  readonly allowedOrigins: readonly string[]
  readonly openLog: OpenLog
  /** Which headers are read, by their names in lower case; absent: those that a skillset needs. */
  readonly isNeededHeader?: (name: string) => boolean
  readonly isUp: () => Promise<boolean>
  /** Whatever it throws is answered as an internal error. */
  readonly respond: (exchange: Exchange) => Promise<StreamedResponse>
}

export const INTERNAL: Refusal = {
  statusCode: 500,
  rpcCode: INTERNAL_ERROR,
  code: 'internal_error',
  message: 'Internal error',
}

/** The Lambda handler of an MCP server behind its streaming REST API (PLATFORM 5). */
export function serverHandler({ allowedOrigins, openLog, isNeededHeader, isUp, respond }: McpServer) {
  async function handle(event: APIGatewayProxyEvent, context: Context): Promise<StreamedResponse> {
    const { requestId, authorizer } = event.requestContext
    const request = readRequest(event, isNeededHeader)
    const headers = responseHeaders(request.origin, allowedOrigins, requestId)
    // API Gateway's own name of the route, which a path cannot forge.
    if (event.resource === HEALTH_PATH) return health(await isUp(), headers)
    const admission = readAdmission(authorizer)
    const { id: sub, tenant, clientId: client } = admission?.person ?? {}
    const log = openLog({ requestId, ...(admission && { sub, tenant, client }) })
    const refuse = (refusal: Refusal): StreamedResponse => {
      log.info('request refused', { code: refusal.code })
      return {
        statusCode: refusal.statusCode,
        headers: { ...headers, ...refusal.headers, 'Content-Type': 'application/json' },
        body: refusalBody(refusal, requestId),
      }
    }
    try {
      return await respond({ event, context, requestId, request, admission, log, headers, refuse })
    } catch (error) {
      log.error('request failed', { error })
      return refuse(INTERNAL)
    }
  }

  return middy<APIGatewayProxyEvent, StreamedResponse>({
    executionMode: executionModeStreamifyResponse,
    timeoutEarlyInMillis: 0,
  }).handler(handle)
}

function health(up: boolean, headers: Record<string, string>): StreamedResponse {
  return {
    statusCode: up ? 200 : 503,
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ status: up ? 'ok' : 'down' }),
  }
}
