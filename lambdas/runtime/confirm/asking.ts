import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type InputRequest,
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
  type JSONRPCRequest,
  ProtocolError,
  ProtocolErrorCode,
  type RequestId,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { Audit } from '../../audit/audit.ts'
import { argumentDigest } from '../argument-digest.ts'
import { auditedCaller } from '../audit-call.ts'
import { conversationPartition } from '../conversation/conversation.ts'
import { open, seal } from '../conversation/seal.ts'
import { spendOnce } from '../conversation/spent.ts'
import { readSession, type SessionHolder } from '../session/mcp-session.ts'
import { askInStream } from './ask-in-stream.ts'
import { canBeAsked, neededCapability } from './client-capabilities.ts'
import { type Ask, type Confirm, confirmBy } from './confirm.ts'
import { type Confirmation, confirmationRequired } from './confirmation-argument.ts'
import { collectAnswers, questionId, type RequestState } from './request-state.ts'

/** Milliseconds within which a question is to be answered (RS-07). */
const ANSWERED_WITHIN = 5 * 60_000

/** A request whose handler may ask. An answer counts for the very same request only. */
export interface Subject {
  readonly method: string
  readonly name: string
  readonly arguments: unknown
  /** Whether an answer may be used once only. */
  readonly privileged: boolean
  /** Whether it takes the argument of clients that cannot ask, and that argument. */
  readonly takesConfirmation: boolean
  readonly confirmation: Confirmation | undefined
}

/** Ends a round: the handler is run again from its start, once the client has the answers. */
export class InputRequired extends Error {
  override readonly name = 'InputRequired'
  readonly result: InputRequiredResult

  constructor(result: InputRequiredResult) {
    super('input required')
    this.result = result
  }
}

/** Whom a handler asks, and by what. */
export interface AskedClient extends SessionHolder {
  /** Whether the request says itself what its client can do, and a result can ask. */
  readonly isStateless: boolean
  readonly sessionId: string | undefined
  readonly requestId: string
  readonly audit: Audit
  readonly mcpReq: ServerContext['mcpReq']
  /** Writes a request of ours into the stream of one of the client's. */
  readonly send: (request: JSONRPCRequest, relatedRequestId: RequestId) => Promise<void>
  /** Aborted when the request is over. */
  readonly signal: AbortSignal
  /** Called when a wait within the stream begins and ends. */
  readonly waiting: (isWaiting: boolean) => void
  /** Ends the round without an answer: what is thrown is what the request is answered with. */
  readonly suspend: (reason: Error) => void
}

export interface Asking {
  readonly ask: Ask
  readonly confirm: Confirm
}

/**
 * Opens what the client brings along from earlier rounds, and says how the handler asks for more.
 * @throws ProtocolError −32602 for a state that is not this person's, of this request, or has been used up (RS-07)
 */
export async function openAsking(subject: Subject, client: AskedClient): Promise<Asking> {
  const answers = await answersSoFar(subject, client)
  const isAnswered = (questions: InputRequests) =>
    Object.entries(questions).every(([name, question]) => answers.has(questionId(name, question)))
  const answersTo = (questions: InputRequests) =>
    Object.fromEntries(Object.entries(questions).map(([name, one]) => [name, answers.get(questionId(name, one))]))
  /** Never goes on: an author who catches everything must not go on either. */
  const suspend = (reason: Error): Promise<never> => {
    client.suspend(reason)
    return new Promise(() => {})
  }
  const stateAsking = async (purpose: string, questions: InputRequests) => {
    const asked = Object.entries(questions).map(([name, question]) => questionId(name, question))
    const state: RequestState = { answers: Object.fromEntries(answers), asked }
    return seal(
      state,
      boundTo(purpose, subject, client),
      client.now() + ANSWERED_WITHIN,
      await client.conversation.key(),
    )
  }

  const ask: Ask = async (questions) => {
    if (isAnswered(questions)) return answersTo(questions)
    const declared = await capabilitiesOf(client)
    const lacking = Object.values(questions).find((question) => !canBeAsked(question, declared))
    if (lacking) throw cannotBeAsked(lacking, client)
    const open = Object.fromEntries(
      Object.entries(questions).filter(([name, question]) => !answers.has(questionId(name, question))),
    )
    if (client.isStateless)
      return suspend(
        new InputRequired(
          inputRequired({ inputRequests: open, requestState: await stateAsking('request-state', open) }),
        ),
      )
    for (const [name, answer] of Object.entries(await askWithinStream(open, client)))
      answers.set(questionId(name, open[name]), answer)
    return answersTo(questions)
  }

  const answered = (outcome: string) => {
    const { audit, requestId, admission, server } = client
    audit('confirmation.answered', { requestId, ...auditedCaller(admission), server, name: subject.name, outcome })
  }
  const confirm = confirmBy(async (questions) => {
    const [question] = Object.values(questions)
    if (isAnswered(questions) || question === undefined) return answersTo(questions)
    if (!subject.takesConfirmation || canBeAsked(question, await capabilitiesOf(client))) return await ask(questions)
    return suspend(confirmationRequired(subject.name, question, await stateAsking('confirmation', questions)))
  }, answered)
  return { ask, confirm }
}

async function capabilitiesOf(client: AskedClient): Promise<ClientCapabilities> {
  // A request of 2025 may hold an envelope's keys, too, which say nothing there.
  const envelope: Readonly<Record<string, unknown>> = client.mcpReq.envelope ?? {}
  if (client.isStateless) return (envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined) ?? {}
  return (await readSession(client.sessionId, client))?.capabilities ?? {}
}

function cannotBeAsked(question: InputRequest, { requestId }: AskedClient): ProtocolError {
  return new ProtocolError(
    ProtocolErrorCode.MissingRequiredClientCapability,
    `This client did not declare that it can answer ${question.method}.`,
    { requiredCapabilities: neededCapability(question), code: 'client_cannot_be_asked', requestId },
  )
}

async function askWithinStream(questions: InputRequests, client: AskedClient): Promise<Record<string, unknown>> {
  const { conversation, admission, mcpReq, signal, now, waiting } = client
  waiting(true)
  try {
    return await askInStream(questions, {
      table: await conversation.table(),
      partition: conversationPartition(admission),
      send: (request) => client.send(request, mcpReq.id),
      signal,
      now,
    })
  } catch (error) {
    // What ended the call has answered it: an author who catches everything must not go on.
    if (signal.aborted) await new Promise(() => {})
    throw error
  } finally {
    waiting(false)
  }
}

async function answersSoFar(subject: Subject, client: AskedClient): Promise<Map<string, unknown>> {
  const { mcpReq } = client
  const state = mcpReq.requestState<string>()
  if (state !== undefined) {
    const opened = await openState('request-state', state, subject, client)
    if (opened === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid or expired requestState', {
        reason: 'invalid_request_state',
        code: 'invalid_request_state',
        requestId: client.requestId,
      })
    return collectAnswers(opened, mcpReq.inputResponses)
  }
  const { confirmation } = subject
  // Whoever can ask its person does: no argument of a model's takes the place of that.
  if (confirmation === undefined || canBeAsked(ANY_FORM, await capabilitiesOf(client))) return new Map()
  const opened = await openState('confirmation', confirmation.token, subject, client)
  const agreed = { action: 'accept', content: confirmation.values ?? {} }
  return new Map([
    ...Object.entries(opened?.answers ?? {}),
    ...(opened?.asked ?? []).map((id) => [id, agreed] as const),
  ])
}

const ANY_FORM = inputRequired.elicit({ message: '', requestedSchema: { type: 'object', properties: {} } })

/** A state that came too late holds no answers, which is no error: the question is asked again. */
async function openState(
  purpose: string,
  sealed: string,
  subject: Subject,
  client: AskedClient,
): Promise<RequestState | undefined> {
  const { conversation, admission, now } = client
  const opened = open(sealed, boundTo(purpose, subject, client), await conversation.key(), now())
  if (opened === undefined) return undefined
  if (opened.expired) return { answers: {}, asked: [] }
  if (subject.privileged) {
    const table = await conversation.table()
    // Twice as long as it opens: instances' clocks differ.
    const until = now() + 2 * ANSWERED_WITHIN
    if (!(await spendOnce(table, conversationPartition(admission), sealed, until))) return undefined
  }
  return opened.value as RequestState
}

function boundTo(purpose: string, { method, name, arguments: given }: Subject, { server, admission }: AskedClient) {
  const { person, grant } = admission
  return [purpose, server, person.tenant, person.id, grant, method, name, argumentDigest(given)]
}
