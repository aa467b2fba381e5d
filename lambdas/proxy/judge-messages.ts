import { EVERY_OTHER_TOOL, scopeOfTool } from '../../model/ability-scopes.ts'
import { decodeHeaderValue, HEADERS_NAME_THE_TOOL } from '../authorizer/called-ability.ts'
import { admitAbility } from '../runtime/admit-ability.ts'
import type { Admission } from '../runtime/gate-context.ts'
import { idOf } from '../runtime/read-messages.ts'
import { INVALID_PARAMS, INVALID_REQUEST, type Refusal } from '../runtime/refusal.ts'
import { errorResult, insufficientScope, unknownTool } from '../runtime/tool-result.ts'

/** Scope by tool, as the gate has it. */
export type Abilities = Readonly<Record<string, string>>

/** Whether what a client sent goes on to the backend. `result`: a tool's, which says what is missing. */
export type Verdict =
  | { readonly verdict: 'pass' }
  | { readonly verdict: 'refuse'; readonly refusal: Refusal }
  | { readonly verdict: 'answer'; readonly id: Id; readonly result: object }

export type Id = string | number | undefined

interface Message {
  readonly id: Id
  readonly method: string | undefined
  readonly params: Readonly<Record<string, unknown>>
}

const PASS: Verdict = { verdict: 'pass' }
/** MCP 2026-07-28: `HeaderMismatch`. */
const HEADER_MISMATCH = -32020
/** What a message is judged by. Some parsers take `Name` for `name`: a key that only looks like one of these is refused. */
const TELLING_KEYS = ['id', 'method', 'params', 'name', 'arguments', 'result']
/** What is judged by more than the scope of the server. */
const TELLING_METHODS = ['tools/call', 'tools/list']
const VISIBLE_ASCII = /^[!-~]+$/

/** The methods and tools of a body, for the log. */
export function describe(messages: unknown): { methods: string[]; tools: string[] } {
  const all = [messages].flat().map(read)
  const texts = (values: unknown[]) =>
    values.filter((value) => typeof value === 'string').map((text) => text.slice(0, 64))
  return {
    methods: texts(all.map((message) => message?.method)),
    tools: texts(all.map((message) => (message?.method === 'tools/call' ? message.params.name : undefined))),
  }
}

/** Judges every message of a body by itself (RS-06); a batch goes on whole or not at all. */
export function judgeMessages(
  messages: unknown,
  headers: Headers,
  abilities: Abilities,
  admission: Admission,
  requestId: string,
): Verdict {
  if (!Array.isArray(messages)) return judgeMessage(messages, headers, abilities, admission, requestId)
  for (const message of messages) {
    const judged = judgeMessage(message, headers, abilities, admission, requestId)
    if (judged.verdict === 'refuse')
      return { ...judged, refusal: { ...judged.refusal, statusCode: 400, id: undefined } }
    if (judged.verdict === 'answer')
      return refuse(400, INVALID_REQUEST, 'insufficient_scope', 'A call of the batch needs a scope that is missing.')
  }
  return PASS
}

/** What is no message at all (GET and DELETE, a response of the client's) needs the scope of every unnamed tool. */
export function judgeUse(abilities: Abilities, admission: Admission, id?: Id): Verdict {
  const admitted = admit(EVERY_OTHER_TOOL, abilities, admission)
  if (admitted.decision === 'admitted') return PASS
  const missing = admitted.decision === 'insufficient_scope' ? ` ${admitted.missing}` : ''
  return refuse(403, INVALID_REQUEST, 'insufficient_scope', `This server needs the scope${missing}.`, id)
}

function judgeMessage(
  given: unknown,
  headers: Headers,
  abilities: Abilities,
  admission: Admission,
  requestId: string,
): Verdict {
  const message = read(given)
  if (message === undefined)
    return refuse(
      400,
      INVALID_REQUEST,
      'invalid_message',
      'The body is no JSON-RPC message, or not an unambiguous one.',
    )
  const { id, method, params } = message
  if (!namesItself(message, headers))
    return refuse(400, HEADER_MISMATCH, 'header_mismatch', 'Mcp-Method or Mcp-Name does not agree with the body.', id)
  if (method !== 'tools/call') return judgeUse(abilities, admission, id)
  const { name } = params
  if (typeof name !== 'string') return refuse(200, INVALID_PARAMS, 'invalid_params', 'params.name must be a string', id)
  const admitted = admit(name, abilities, admission)
  switch (admitted.decision) {
    case 'admitted':
      return PASS
    case 'unknown':
      return refuse(200, INVALID_PARAMS, 'unknown_tool', unknownTool(name), id)
    case 'insufficient_scope': {
      const { missing, scope } = admitted
      const error = insufficientScope(name.slice(0, 128), missing, scope, requestId)
      return { verdict: 'answer', id, result: errorResult(error) }
    }
  }
}

function admit(name: string, abilities: Abilities, admission: Admission) {
  const scope = scopeOfTool(abilities, name)
  return admitAbility(name, scope === undefined ? [] : [{ name, scope }], admission)
}

/** RS-05. What is missing is the backend's to demand; older revisions' headers do not get there. */
function namesItself({ method, params }: Message, headers: Headers): boolean {
  if ((headers.get('mcp-protocol-version') ?? '') < HEADERS_NAME_THE_TOOL) return true
  const methodHeader = headers.get('mcp-method')
  const nameHeader = headers.get('mcp-name')
  if (methodHeader !== null && methodHeader !== method) return false
  return method !== 'tools/call' || nameHeader === null || decodeHeaderValue(nameHeader) === params.name
}

function read(given: unknown): Message | undefined {
  if (!isObject(given) || !isUnambiguous(given)) return undefined
  const { method, params = {} } = given
  // Some servers look a method up by whatever text it turns into: that of ['tools/call'] is tools/call.
  if (method !== undefined && !(typeof method === 'string' && isPlain(method))) return undefined
  // Positional parameters belong to JSON-RPC and not to MCP.
  if (!isObject(params) || !isUnambiguous(params)) return undefined
  return { id: idOf(given), method, params }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Some servers look a method up in any case, and cut white space off. */
function isPlain(method: string): boolean {
  if (TELLING_METHODS.includes(method)) return true
  return VISIBLE_ASCII.test(method) && !TELLING_METHODS.includes(method.toLowerCase())
}

/** Upper case first: `ſ` is no `s` in lower case, and is one to who folds. Who copies `__proto__` inherits from it. */
function isUnambiguous(object: object): boolean {
  return Object.keys(object).every((key) => {
    const folded = key.toUpperCase().toLowerCase()
    return key !== '__proto__' && (folded === key || !TELLING_KEYS.includes(folded))
  })
}

function refuse(statusCode: number, rpcCode: number, code: string, message: string, id?: Id): Verdict {
  return { verdict: 'refuse', refusal: { statusCode, rpcCode, code, message, id } }
}
