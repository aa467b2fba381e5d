import { createMcpHandler } from '@modelcontextprotocol/server'
import { type OpenLog, powertoolsLog } from './ability-log.ts'
import type { Skillset } from './define-skillset.ts'
import { parseEnvironment } from './environment.ts'
import type { IncomingRequest } from './incoming-request.ts'
import { mcpServerFactory } from './mcp-server.ts'
import { readMessages } from './read-messages.ts'
import { type Exchange, INTERNAL, serverHandler } from './server-handler.ts'
import { lazyServices } from './skillset-services.ts'
import { type StreamedResponse, streamResponse } from './streamed-response.ts'
import { startTimeLeft } from './time-left.ts'

/** What an instance runs with; passed in so that a test chooses it. */
export interface Instance {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly openLog: OpenLog
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

  async function respond(exchange: Exchange): Promise<StreamedResponse> {
    const { context, requestId, request, admission, log, headers, refuse } = exchange
    if (!admission) {
      log.error('the request did not pass the gate')
      return refuse(INTERNAL)
    }
    const read = readMessages(request, allowedOrigins)
    if ('refusal' in read) return refuse(read.refusal)
    const timeLeft = startTimeLeft(context.getRemainingTimeInMillis(), admission.expiresAt - now())
    const call = { admission, services, signal: timeLeft.signal, log, requestId, now }
    const { fetch } = createMcpHandler(() => createServer(call), {
      onerror: (error) => log.info('refused by the protocol', { reason: error.message }),
    })
    try {
      const response = await fetch(toFetchRequest(request), { parsedBody: read.messages })
      return streamResponse(response, headers, timeLeft.end)
    } catch (error) {
      timeLeft.end()
      throw error
    }
  }

  // An instance whose environment is wrong never gets here.
  return serverHandler({ allowedOrigins, openLog, isUp: async () => true, respond })
}

/**
 * The request as the SDK sees it. The path is of no meaning to it, API Gateway routed by that; `Accept` was judged
 * already, wildcards included, which the SDK does not know.
 */
function toFetchRequest({ method, headers }: IncomingRequest): Request {
  headers.set('accept', 'application/json, text/event-stream')
  return new Request('https://server.invalid/mcp', { method, headers })
}
