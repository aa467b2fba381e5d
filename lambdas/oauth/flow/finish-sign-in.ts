import type { DenyEntry } from '../../../model/deny-entry.ts'
import { errorChain } from '../../shell/error-chain.ts'
import type { Factory } from '../../store/factory-documents.ts'
import type { SignedInPerson } from '../../store/signed-in-person.ts'
import { StoreUnavailable } from '../../store/store-unavailable.ts'
import { sha256 } from '../../tokens/secrets.ts'
import { admit, type Refusal } from '../admission.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import { PageError } from '../http/errors.ts'
import type { Request } from '../http/request.ts'
import type { Response } from '../http/response.ts'
import { neededClaims, readIdentity } from '../upstream/identity.ts'
import { UpstreamRefused } from '../upstream/upstream-errors.ts'
import { type AccountFlow, type ApprovedFlow, FLOW_LIFETIME, flowStartedAt } from './flow.ts'
import { keepFlow } from './flow-cookies.ts'

type Claims = Readonly<Record<string, unknown>>

/** What came of a sign-in at the identity provider; `claims` are what it said of the person. */
export type SignInResult =
  | { readonly outcome: 'signed in'; readonly signedIn: SignedInPerson; readonly claims: Claims }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly claims: Claims }
  | { readonly outcome: 'cancelled' }

/**
 * Takes the identity provider's answer to a flow of this browser. The state is spent in the first write after the
 * provider has vouched (AS-09); then the organisation's rules decide. The provider vouches once: where the table fails
 * afterwards, what it said stays in the browser's flow, and the page can be loaded again.
 * @param next answers the person
 * @throws PageError, UpstreamUnavailable, StoreUnavailable
 */
export async function finishSignIn(
  server: AuthorizationServer,
  request: Request,
  flow: ApprovedFlow | AccountFlow,
  factory: Factory,
  next: (result: SignInResult) => Response | Promise<Response>,
): Promise<Response> {
  const denied = await server.store.denyEntries()
  const claims = flow.vouched ?? (await askProvider(server, request, flow, neededClaims(factory.policy.connection)))
  if (claims === 'cancelled') return next({ outcome: 'cancelled' })
  try {
    const { state } = flow.upstream
    const until = flowStartedAt(flow.id) + FLOW_LIFETIME
    if (!(await server.store.upstreamStates.spend(state, sha256(request.rawQuery), until)))
      throw new PageError('This sign-in has been used already', 'Start again in the application.')
    return await next(decide(server, { ...factory, denied }, claims))
  } catch (cause) {
    if (!(cause instanceof StoreUnavailable)) throw cause
    const stage = 'approved' in flow ? 'upstream' : 'account'
    // Without cookies, which may be too large by now, the person starts again.
    const cookies = await keepFlow(server, request, stage, { ...flow, vouched: claims }).catch(() => [])
    throw new SignInInterrupted('the table failed after a sign-in', cookies, { cause })
  }
}

/** Worth trying again with these cookies. */
export class SignInInterrupted extends StoreUnavailable {
  readonly cookies: readonly string[]

  /** @param cookies whole `Set-Cookie` values */
  constructor(message: string, cookies: readonly string[], options: ErrorOptions) {
    super(message, options)
    this.cookies = cookies
  }
}

function decide(
  server: AuthorizationServer,
  factory: Factory & { readonly denied: readonly DenyEntry[] },
  claims: Claims,
): SignInResult {
  const identity = readIdentity(claims, factory.policy.connection, server.upstream.identityProvider)
  if (identity === undefined) {
    const detail = 'the ID token names no subject of the federated provider'
    return { outcome: 'refused', refusal: { admitted: false, rule: 'identity', detail }, claims }
  }
  const decision = admit(identity, factory, server.now())
  return decision.admitted
    ? { outcome: 'signed in', signedIn: decision.signedIn, claims: identity.claims }
    : { outcome: 'refused', refusal: decision, claims: identity.claims }
}

/** @throws PageError, UpstreamUnavailable */
async function askProvider(
  server: AuthorizationServer,
  request: Request,
  flow: ApprovedFlow | AccountFlow,
  needed: readonly string[],
): Promise<Claims | 'cancelled'> {
  try {
    return await server.upstream.finish(request.rawQuery, flow.upstream, needed)
  } catch (error) {
    if (!(error instanceof UpstreamRefused)) throw error
    if (error.code === 'access_denied') {
      const client = 'approved' in flow ? flow.request.clientId : undefined
      const detail = errorChain(error).join(' < ')
      server.audit('sign_in.failed', { requestId: request.requestId, client, reason: error.code, detail })
      return 'cancelled'
    }
    throw new PageError(
      'The sign-in did not work',
      'The identity provider refused it. Start again in the application.',
      { cause: error },
    )
  }
}
