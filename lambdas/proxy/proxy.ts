import type { IncomingMessage } from 'node:http'
import { scopeOfTool } from '../../model/ability-scopes.ts'
import type { Audit } from '../audit/audit.ts'
import type { OpenLog } from '../runtime/ability-log.ts'
import { auditedCaller } from '../runtime/audit-call.ts'
import type { Admission } from '../runtime/gate-context.ts'
import { idOf, readMessages, refuseBodiless } from '../runtime/read-messages.ts'
import { INTERNAL_ERROR, type Refusal, TRANSPORT_ERROR } from '../runtime/refusal.ts'
import { type Exchange, INTERNAL, serverHandler } from '../runtime/server-handler.ts'
import { type StreamedResponse, streamResponse } from '../runtime/streamed-response.ts'
import { startTimeLeft } from '../runtime/time-left.ts'
import { errorChain } from '../shell/error-chain.ts'
import { cached } from '../store/cached.ts'
import { isBackendUp } from './backend-health.ts'
import { BackendError, sendToBackend } from './backend-request.ts'
import type { Environment } from './environment.ts'
import { parseExactly } from './exact-json.ts'
import { describe, judgeMessages, judgeUse, type Verdict } from './judge-messages.ts'
import { judgeResponse, refusalOf } from './judge-response.ts'
import { ownHeaders, SecretUnavailable } from './own-headers.ts'
import { relay } from './relay.ts'
import { forwardedHeaders, isForwardedHeader, personHeaders } from './request-headers.ts'
import { backendTarget } from './target.ts'
import { filterEvents, filterJson, type IsVisible, UnreadableList } from './tool-list.ts'

/** Everything outside that the function uses. */
export interface Dependencies {
  readonly environment: Environment
  /** A secret's value, undefined where it was never set. */
  readonly readSecret: (name: string, arn: string) => Promise<string | undefined>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly openLog: OpenLog
  readonly audit: Audit
}

/** Seconds that one look at the backend is good for: nobody can make an instance look more often. */
const HEALTH_LIFETIME = 10

const PATH_REFUSED: Refusal = {
  statusCode: 400,
  rpcCode: TRANSPORT_ERROR,
  code: 'path_not_allowed',
  message: 'The path below /mcp has characters or segments that are not passed on.',
}
const SECRET_UNAVAILABLE: Refusal = {
  statusCode: 503,
  rpcCode: INTERNAL_ERROR,
  code: 'temporarily_unavailable',
  message: 'The credentials for the server behind this proxy cannot be read. Try again.',
  headers: { 'Retry-After': '5' },
}

/** The Lambda handler of a proxy to an MCP server that exists elsewhere. The backend never sees a token of ours. */
export function proxyHandler({ environment, readSecret, now, openLog, audit }: Dependencies) {
  const { serverName, allowedOrigins, backend, abilities, provider } = environment
  const seconds = () => Math.floor(now() / 1000)
  const own = ownHeaders(backend, readSecret, seconds)

  async function respond(exchange: Exchange): Promise<StreamedResponse> {
    const { event, request, requestId, admission, log, headers, refuse, answerRefusal } = exchange
    if (abilities !== undefined && !admission) {
      log.error('the request did not pass the gate')
      return refuse(INTERNAL)
    }
    const target = backendTarget(backend.url, event.pathParameters?.proxy, event.multiValueQueryStringParameters)
    if (target === undefined) return refuse(PATH_REFUSED)
    const read = readBody(exchange)
    if ('refusal' in read) return refuse(read.refusal)
    const { messages } = read
    const audited = auditProxied(exchange, messages)
    const verdict = judge(exchange, messages)
    if (verdict.verdict === 'refuse') {
      audited(verdict.refusal.code)
      return answerRefusal(verdict.refusal)
    }
    if (verdict.verdict === 'answer') {
      audited('insufficient_scope')
      const { id = null, result } = verdict
      return {
        statusCode: 200,
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id, result }),
      }
    }
    try {
      const sent = {
        ...forwardedHeaders(request.method, request.headers),
        ...(admission && abilities && personHeaders(admission.person, provider)),
        ...(await own()),
      }
      // Written anew: of a key that comes twice the backend sees the one that was judged.
      const body = messages === undefined ? undefined : JSON.stringify(parseExactly(request.body.toString('utf8')))
      return await forward(exchange, target, sent, messages, body, audited)
    } catch (error) {
      const refusal = refusalOfError(error)
      log.error('backend failed', { ...describe(messages), reason: errorChain(error), requestId })
      audited(refusal.code)
      return answerRefusal({ ...refusal, id: idOf(messages) })
    }
  }

  /** Its time is until the backend's headers are there: a stream may last longer. */
  function auditProxied({ request, requestId, admission }: Exchange, messages: unknown): (outcome: string) => void {
    const startedAt = now()
    const { method } = request
    const caller = admission && auditedCaller(admission)
    const about = { requestId, ...caller, server: serverName, method, ...describe(messages) }
    return (outcome) => audit('call.proxied', { ...about, outcome, durationMs: now() - startedAt })
  }

  /** `messages` is absent where the method has no body. */
  function readBody({ request }: Exchange): { readonly messages?: unknown } | { readonly refusal: Refusal } {
    if (request.method === 'POST') return readMessages(request, allowedOrigins)
    const refusal = refuseBodiless(request, allowedOrigins)
    return refusal ? { refusal } : {}
  }

  function judge({ admission, request, requestId }: Exchange, messages: unknown): Verdict {
    if (abilities === undefined || !admission) return { verdict: 'pass' }
    if (messages === undefined) return judgeUse(abilities, admission)
    return judgeMessages(messages, request.headers, abilities, admission, requestId)
  }

  async function forward(
    { request, context, requestId, admission, log, headers, answerRefusal }: Exchange,
    target: URL,
    sent: Readonly<Record<string, string>>,
    messages: unknown,
    sentBody: string | undefined,
    audited: (outcome: string) => void,
  ): Promise<StreamedResponse> {
    const id = idOf(messages)
    const untilExpiry = admission && abilities ? admission.expiresAt - now() : Number.POSITIVE_INFINITY
    const { signal, end } = startTimeLeft(context.getRemainingTimeInMillis(), untilExpiry)
    try {
      const { method } = request
      const response = await sendToBackend(target, {
        method,
        headers: sent,
        body: sentBody,
        timeout: backend.timeout,
        signal,
      })
      const { statusCode: status = 0 } = response
      const judged = judgeResponse(method, status, response.headers)
      if ('refusal' in judged) {
        response.destroy()
        end()
        log.error('response refused', { status, type: response.headers['content-type'], code: judged.refusal.code })
        audited(judged.refusal.code)
        return answerRefusal({ ...judged.refusal, id })
      }
      if (judged.body === 'none') response.destroy()
      const isVisible = hiddenFrom(method, messages, admission)
      const onBreak = (error: unknown) => log.error('stream broke', { reason: errorChain(error) })
      const relayed = { id, requestId, isEventStream: judged.body === 'events', signal, onBreak }
      const body =
        judged.body === 'none'
          ? ''
          : relay(response, { ...relayed, chunks: await chunksOf(response, judged.body, isVisible) })
      audited(status < 400 ? 'ok' : `backend_answered_${status}`)
      return streamResponse({ status: judged.status, headers: judged.headers, body }, headers, end)
    } catch (error) {
      end()
      throw error
    }
  }

  /** Where lists of tools have to be filtered: by what. A GET may replay one. */
  function hiddenFrom(method: string, messages: unknown, admission: Admission | undefined): IsVisible | undefined {
    if (abilities === undefined || !admission) return undefined
    const { ceiling } = admission
    const isVisible = (tool: string) => ceiling.includes(scopeOfTool(abilities, tool) ?? '')
    const mayHoldList = method === 'GET' || describe(messages).methods.includes('tools/list')
    return mayHoldList && !Object.keys(abilities).every(isVisible) ? isVisible : undefined
  }

  const healthLog = openLog({ server: serverName })
  return serverHandler({
    serverName,
    allowedOrigins,
    openLog,
    audit,
    isNeededHeader: isForwardedHeader,
    isUp: cached(() => isBackendUp(backend, own, healthLog), HEALTH_LIFETIME, seconds),
    respond,
  })
}

async function chunksOf(
  response: IncomingMessage,
  body: 'json' | 'events',
  isVisible: IsVisible | undefined,
): Promise<AsyncIterable<Uint8Array>> {
  if (isVisible === undefined) return response
  if (body === 'events') return filterEvents(response, isVisible)
  const text = await filterJson(response, isVisible)
  return (async function* () {
    yield Buffer.from(text)
  })()
}

/** @throws whatever is none of the backend's faults */
function refusalOfError(error: unknown): Refusal {
  if (error instanceof BackendError) return refusalOf(error.failure)
  if (error instanceof SecretUnavailable) return SECRET_UNAVAILABLE
  if (error instanceof UnreadableList) return refusalOf('malformed')
  throw error
}
