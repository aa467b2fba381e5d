import type { AdmittedEvidence } from './admitted-evidence.ts'
import { BACKEND, backendFailure } from './backend-failure.ts'
import { challengeOf, REMAPPED } from './challenge.ts'
import { amber, type Check, green, red, unless } from './finding.ts'

const AUTHORIZER =
  'the result of the authorizer must not be kept: AuthorizerResultTtlInSeconds 0 and no identity source (lib/gate.ts)'

/** What a server says to a good token. */
export const ADMITTED_CHECKS: readonly Check<AdmittedEvidence>[] = [
  {
    id: 'good-token',
    judge: ({ list }) => {
      // A server with sessions answers 400: the gate let that through.
      if ((list.status >= 200 && list.status < 300) || list.status === 400)
        return green('a good token is let through right after a bad one was refused')
      const behind = backendFailure(list)
      if (behind)
        return red(`the gate lets a good token through; the server behind the proxy fails: ${behind}`, BACKEND)
      const refused = list.status === 401 || list.status === 403
      return red(
        `the answer is ${list.status === 0 ? list.failure : list.status}`,
        refused
          ? 'is the token new, and for this server? The log of the authorizer says which rule refused it'
          : 'the gate let it through and the function’s answer was not understood: see streaming',
      )
    },
  },
  {
    id: 'gate-cache',
    judge: ({ get }) => {
      // A policy is for the method that was asked for; kept, it forbids any other.
      if (get.headers.get('x-amzn-errortype')?.startsWith('AccessDenied'))
        return red('the gate’s answer for POST is given again for GET, which it refuses', AUTHORIZER)
      if (get.status === 401) return red('the same token gets 401 for GET', AUTHORIZER)
      return green(`each request is judged anew: the same token gets ${get.status} for GET`)
    },
  },
  { id: 'step-up', judge: stepUp },
  { id: 'streaming', judge: streaming },
]

function stepUp({ forbidden, list, scopes, everyday }: AdmittedEvidence) {
  if (!forbidden) {
    if (list.status !== 200) return amber('not checked: the abilities cannot be listed', 'see good-token')
    const lacking = everyday.filter((scope) => !scopes.includes(scope))
    if (lacking.length > 0)
      return red(`the token lacks ${lacking.join(' ')}, yet the gate refuses no ability`, AUTHORIZER)
    return everyday.length < 2
      ? green('nothing to ask for: the server has one everyday scope')
      : amber('not checked: the token opens every ability there is', 'give --token one with fewer scopes')
  }
  const { ability, exchange } = forbidden
  const found = challengeOf(exchange)
  return unless(
    [
      exchange.headers.has(REMAPPED) && `the challenge of the 403 arrives as ${REMAPPED}`,
      !found && 'the 403 has no challenge: a client cannot ask for more',
      found && found.parameters.error !== 'insufficient_scope' && `error is ${found.parameters.error}`,
      found && !found.parameters.scope && 'the challenge names no scope',
      found && !found.parameters.resource_metadata && 'the challenge has no resource_metadata',
    ],
    `${ability}: 403, insufficient_scope="${found?.parameters.scope}"`,
    'ACCESS_DENIED takes it from context.authorizer.challenge: lib/gateway-responses.ts',
  )
}

/** An answer that was put together before it was sent has a length; a streamed one cannot know it (PLATFORM 5). */
function streaming({ list, progress }: AdmittedEvidence) {
  const { exchange, ability } = progress ?? { exchange: list, ability: undefined }
  const integration = 'the integration of POST /mcp must be STREAM: lib/mcp-endpoint.ts'
  if (backendFailure(exchange)) return amber('not checked: the server behind the proxy fails', 'see good-token')
  if (exchange.status >= 500)
    return red(`${exchange.status}: the function streams, its integration does not take that`, integration)
  if (exchange.status !== 200) return amber(`not checked: the answer is ${exchange.status}`, 'see good-token')
  const length = exchange.headers.get('content-length')
  if (length !== null)
    return red(
      `the answer is sent whole (Content-Length ${length}): progress arrives with the result`,
      `${integration}; or a proxy before it collects answers: switch that off`,
    )
  const [first = 0] = exchange.arrivals
  const last = exchange.arrivals.at(-1) ?? first
  const reported = exchange.body.includes('notifications/progress')
  if (!ability || !reported)
    return green('no Content-Length; no ability that only reads reports progress, so more cannot be seen')
  return last > first
    ? green(`${ability}: its progress arrived ${Math.ceil(last - first)} ms before its result`)
    : amber(
        `${ability}: no Content-Length, but progress and result came in one piece`,
        'run it again; if it stays so, a proxy before the API collects answers',
      )
}
