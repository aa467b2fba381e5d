import type { APIGatewayProxyEvent, Context } from 'aws-lambda'
import { HEALTH_PATH } from '../../model/resource-urls.ts'
import type { Audit } from '../audit/audit.ts'
import type { AbilityLog } from './ability-context.ts'
import type { OpenLog } from './ability-log.ts'
import { auditedCaller } from './audit-call.ts'
import { type Admission, readAdmission } from './gate-context.ts'
import { type IncomingRequest, readRequest } from './incoming-request.ts'
import { INTERNAL_ERROR, type Refusal, refusalBody } from './refusal.ts'
import { responseHeaders } from './response-headers.ts'
import { type StreamedResponse, writeResponse } from './streamed-response.ts'

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
  /** Answers, and tells the audit of what is the caller's fault; of any other the log was told. */
  readonly refuse: (refusal: Refusal) => StreamedResponse
  /** Answers alone: an event of its own tells the audit. */
  readonly answerRefusal: (refusal: Refusal) => StreamedResponse
}

/** What skillsets and proxies do in ways of their own. */
export interface McpServer {
  readonly serverName: string
  readonly allowedOrigins: readonly string[]
  readonly openLog: OpenLog
  readonly audit: Audit
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
export function serverHandler({
  serverName,
  allowedOrigins,
  openLog,
  audit,
  isNeededHeader,
  isUp,
  respond,
}: McpServer) {
  async function handle(event: APIGatewayProxyEvent, context: Context): Promise<StreamedResponse> {
    const { requestId, authorizer } = event.requestContext
    let headers = responseHeaders(undefined, allowedOrigins, requestId)
    let log = openLog({ requestId })
    let admission: Admission | undefined
    const answerRefusal = (refusal: Refusal): StreamedResponse => ({
      statusCode: refusal.statusCode,
      headers: { ...headers, ...refusal.headers, 'Content-Type': 'application/json' },
      body: refusalBody(refusal, requestId),
    })
    const refuse = (refusal: Refusal): StreamedResponse => {
      const { httpMethod: method, path } = event
      const caller = admission && auditedCaller(admission)
      if (refusal.statusCode < 500)
        audit('request.refused', { requestId, ...caller, server: serverName, method, path, reason: refusal.code })
      return answerRefusal(refusal)
    }
    try {
      const request = readRequest(event, isNeededHeader)
      headers = responseHeaders(request.origin, allowedOrigins, requestId)
      // API Gateway's own name of the route, which a path cannot forge.
      if (event.resource === HEALTH_PATH) return health(await isUp(), headers)
      admission = readAdmission(authorizer)
      const { id: sub, tenant, clientId: client } = admission?.person ?? {}
      log = openLog({ requestId, ...(admission && { sub, tenant, client }) })
      return await respond({ event, context, requestId, request, admission, log, headers, refuse, answerRefusal })
    } catch (error) {
      log.error('request failed', { error })
      return refuse(INTERNAL)
    }
  }

  return awslambda.streamifyResponse<APIGatewayProxyEvent, void>(async (event, stream, context) =>
    writeResponse(await handle(event, context), stream),
  )
}

function health(up: boolean, headers: Record<string, string>): StreamedResponse {
  return {
    statusCode: up ? 200 : 503,
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ status: up ? 'ok' : 'down' }),
  }
}
