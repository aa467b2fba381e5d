import middy from '@middy/core'
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse'
import { createMcpHandler } from '@modelcontextprotocol/server'
import type { APIGatewayProxyEvent, Context } from 'aws-lambda'
import type { AbilityLog } from './ability-context.ts'
import { type OpenLog, powertoolsLog } from './ability-log.ts'
import type { Skillset } from './define-skillset.ts'
import { parseEnvironment } from './environment.ts'
import { type Admission, readAdmission } from './gate-context.ts'
import { type IncomingRequest, readRequest } from './incoming-request.ts'
import { mcpServerFactory } from './mcp-server.ts'
import { readMessages } from './read-messages.ts'
import { INTERNAL_ERROR, type Refusal, refusalBody } from './refusal.ts'
import { responseHeaders } from './response-headers.ts'
import { lazyServices } from './skillset-services.ts'
import { type StreamedResponse, streamResponse } from './streamed-response.ts'
import { startTimeLeft } from './time-left.ts'

/** What is known of a request that will be served. */
interface Served {
  readonly admission: Admission
  readonly context: Context
  readonly requestId: string
  readonly log: AbilityLog
  /** Of every response to it. */
  readonly headers: Record<string, string>
}

/** What an instance runs with; passed in so that a test chooses it. */
export interface Instance {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly openLog: OpenLog
}

const INTERNAL: Refusal = {
  statusCode: 500,
  rpcCode: INTERNAL_ERROR,
  code: 'internal_error',
  message: 'Internal error',
}

/**
 * The Lambda handler of a skillset: MCP over a streaming REST API, stateless, protocol revisions 2025-03-26 to
 * 2026-07-28.
 * @throws EnvironmentError at the start of the instance, where its environment is wrong
 */
export function serve<Services>(skillset: Skillset<Services>, instance: Partial<Instance> = {}) {
  const { environment: variables = process.env, now = Date.now, openLog = powertoolsLog() } = instance
  const environment = parseEnvironment(variables, skillset)
  const { allowedOrigins, serverName } = environment
  const services = lazyServices(skillset, environment, now)
  const createServer = mcpServerFactory(serverName, skillset)

  async function answer(
    request: IncomingRequest,
    messages: unknown,
    { admission, context, requestId, headers, log }: Served,
  ): Promise<StreamedResponse> {
    const timeLeft = startTimeLeft(context.getRemainingTimeInMillis(), admission.expiresAt - now())
    const call = { admission, services, signal: timeLeft.signal, log, requestId, now }
    const { fetch } = createMcpHandler(() => createServer(call), {
      onerror: (error) => log.info('refused by the protocol', { reason: error.message }),
    })
    try {
      const response = await fetch(toFetchRequest(request), { parsedBody: messages })
      return streamResponse(response, headers, timeLeft.end)
    } catch (error) {
      timeLeft.end()
      throw error
    }
  }

  async function respond(event: APIGatewayProxyEvent, context: Context): Promise<StreamedResponse> {
    const requestId = event.requestContext.requestId
    const request = readRequest(event)
    const headers = responseHeaders(request.origin, allowedOrigins, requestId)
    const refuse = (refusal: Refusal): StreamedResponse => ({
      statusCode: refusal.statusCode,
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: refusalBody(refusal, requestId),
    })
    try {
      const admission = readAdmission(event.requestContext.authorizer)
      if (!admission) {
        openLog({ requestId }).error('the request did not pass the gate')
        return refuse(INTERNAL)
      }
      const { id: sub, tenant, clientId: client } = admission.person
      const log = openLog({ requestId, sub, tenant, client })
      const read = readMessages(request, allowedOrigins)
      if ('refusal' in read) {
        log.info('request refused', { code: read.refusal.code })
        return refuse(read.refusal)
      }
      return await answer(request, read.messages, { admission, context, requestId, headers, log })
    } catch (error) {
      openLog({ requestId }).error('request failed', { error })
      return refuse(INTERNAL)
    }
  }

  return middy<APIGatewayProxyEvent, StreamedResponse>({
    executionMode: executionModeStreamifyResponse,
    timeoutEarlyInMillis: 0,
  }).handler(respond)
}

/**
 * The request as the SDK sees it. The path is of no meaning to it, API Gateway routed by that; `Accept` was judged
 * already, wildcards included, which the SDK does not know.
 */
function toFetchRequest({ method, headers }: IncomingRequest): Request {
  headers.set('accept', 'application/json, text/event-stream')
  return new Request('https://server.invalid/mcp', { method, headers })
}
