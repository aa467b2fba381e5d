import { createMcpHandler, type McpServer } from '@modelcontextprotocol/server'
import { type Audit, functionAudit } from '../audit/audit.ts'
import type { AbilityLog } from './ability-context.ts'
import { type OpenLog, powertoolsLog } from './ability-log.ts'
import { argumentDigestKey, keyedArgumentDigest } from './argument-digest.ts'
import type { Call } from './call-tool.ts'
import { leaveAnswers, recordCancellations, withoutResponses } from './conversation/client-messages.ts'
import { type Conversation, openConversation } from './conversation/conversation.ts'
import type { Skillset } from './define-skillset.ts'
import { parseEnvironment } from './environment.ts'
import type { IncomingRequest } from './incoming-request.ts'
import { mcpServerFactory } from './mcp-server.ts'
import { once } from './once.ts'
import { readMessages } from './read-messages.ts'
import { type Exchange, INTERNAL, serverHandler } from './server-handler.ts'
import { issueSession, type SessionHolder } from './session/mcp-session.ts'
import { lazyServices } from './skillset-services.ts'
import { isEventStream, type StreamableResponse, type StreamedResponse, streamResponse } from './streamed-response.ts'
import { startTimeLeft } from './time-left.ts'

/** Characters of a protocol error in the log: it may say again what the client sent. */
const LONGEST_REASON = 500

/** What an instance runs with; passed in so that a test chooses it. */
export interface Instance {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly openLog: OpenLog
  readonly audit: Audit
  readonly conversation: Conversation
}

/**
 * The Lambda handler of a skillset: MCP over a streaming REST API, stateless, protocol revisions 2025-03-26 to
 * 2026-07-28.
 * @throws EnvironmentError at the start of the instance, where its environment is wrong
 */
export function serve<Services>(skillset: Skillset<Services>, instance: Partial<Instance> = {}) {
  const { environment: variables = process.env, now = Date.now, openLog = powertoolsLog() } = instance
  const { audit = functionAudit() } = instance
  const environment = parseEnvironment(variables, skillset)
  const { allowedOrigins, serverName } = environment
  const conversation = instance.conversation ?? openConversation(variables, now)
  const services = lazyServices(skillset, environment, now)
  const createServer = mcpServerFactory(serverName, skillset)
  const digestKey = once(async () => argumentDigestKey(await conversation.key()))
  const argumentDigest = async (given: unknown) => keyedArgumentDigest(given, await digestKey())

  async function respond(exchange: Exchange): Promise<StreamedResponse> {
    const { event, context, requestId, request, admission, log, headers, refuse } = exchange
    if (!admission) {
      log.error('the request did not pass the gate')
      return refuse(INTERNAL)
    }
    const read = readMessages(request, allowedOrigins)
    if ('refusal' in read) return refuse(read.refusal)
    const sessionId = request.headers.get('mcp-session-id') ?? undefined
    const holder = { server: serverName, conversation, admission, now }
    await leaveAnswers(read.messages, holder)
    const messages = withoutResponses(read.messages)
    if (messages === undefined) return { statusCode: 202, headers, body: '' }

    const timeLeft = startTimeLeft(context.getRemainingTimeInMillis(), admission.expiresAt - now())
    let server: McpServer | undefined
    const call: Omit<Call<Services>, 'isStateless' | 'hangUp'> = {
      ...holder,
      services,
      signal: timeLeft.signal,
      log,
      audit,
      argumentDigest,
      requestId,
      sessionId,
      arrivedAt: event.requestContext.requestTimeEpoch,
      send: async (message, relatedRequestId) => server?.server.transport?.send(message, { relatedRequestId }),
    }
    const { fetch } = createMcpHandler(
      ({ era }) => {
        const isStateless = era === 'modern'
        const hangUp = () => {
          if (!isStateless && !Array.isArray(messages)) void server?.close()
        }
        server = createServer({ ...call, isStateless, hangUp })
        return server
      },
      { onerror: (error) => log.info('refused by the protocol', { reason: error.message.slice(0, LONGEST_REASON) }) },
    )
    try {
      const response = await fetch(toFetchRequest(request), { parsedBody: messages })
      if (response.status === 202) await recordCancellations(messages, sessionId, holder)
      const session = response.status === 200 ? await openSession(messages, holder, log) : {}
      return streamResponse(await readUnlessStream(response), { ...headers, ...session }, timeLeft.end)
    } catch (error) {
      timeLeft.end()
      throw error
    }
  }

  // An instance whose environment is wrong never gets here.
  return serverHandler({ serverName, allowedOrigins, openLog, audit, isUp: async () => true, respond })
}

/**
 * The request as the SDK sees it. The path is of no meaning to it, API Gateway routed by that; `Accept` was judged
 * already, wildcards included, which the SDK does not know.
 */
function toFetchRequest({ method, headers }: IncomingRequest): Request {
  headers.set('accept', 'application/json, text/event-stream')
  return new Request('https://server.invalid/mcp', { method, headers })
}

/** What is no event stream is whole already: as text it costs less than a stream around it. */
async function readUnlessStream(response: Response): Promise<StreamableResponse> {
  const { status, headers, body } = response
  return { status, headers, body: body && isEventStream(headers) ? body : await response.text() }
}

/** A client that gets no session is asked nothing, and is served all the same. */
async function openSession(messages: unknown, holder: SessionHolder, log: AbilityLog): Promise<Record<string, string>> {
  try {
    const id = await issueSession(messages, holder)
    return id === undefined ? {} : { 'Mcp-Session-Id': id }
  } catch (error) {
    log.error('no session could be sealed', { error })
    return {}
  }
}
