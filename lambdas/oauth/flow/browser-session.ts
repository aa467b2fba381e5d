import type { BrowserSession } from '../../store/browser-sessions.ts'
import type { Factory } from '../../store/factory-documents.ts'
import type { SignedInPerson } from '../../store/signed-in-person.ts'
import { randomSecret } from '../../tokens/secrets.ts'
import { readmit } from '../admission.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import type { Request } from '../http/request.ts'

const COOKIE = 'session'

/**
 * The browser session of a request, if its person is still admitted. One whose sign-in is older than a grant may live
 * gives no grant any more.
 */
export async function currentSession(
  server: AuthorizationServer,
  request: Request,
  factory: Factory,
): Promise<BrowserSession | undefined> {
  const cookie = request.cookie(server.jar.name(COOKIE))
  if (cookie === undefined) return undefined
  const [session, denied] = await Promise.all([server.store.browserSessions.find(cookie), server.store.denyEntries()])
  if (session === undefined) return undefined
  const { policy } = factory
  if (session.signedIn.signedInAt + policy.lifetimes.refreshAbsolute <= server.now()) return undefined
  const decision = readmit(session.signedIn, { policy, denied })
  if (decision.admitted) return session
  server.log.info('browser session refused', {
    requestId: request.requestId,
    rule: decision.rule,
    detail: decision.detail,
  })
  return undefined
}

/**
 * Begins a browser session after a sign-in, with a new secret; the one that this browser had ends.
 * @returns the `Set-Cookie` value
 */
export async function beginSession(
  server: AuthorizationServer,
  request: Request,
  signedIn: SignedInPerson,
  lifetime: number,
): Promise<string> {
  const old = request.cookie(server.jar.name(COOKIE))
  const cookie = randomSecret()
  await server.store.browserSessions.begin(cookie, signedIn, server.now() + lifetime)
  if (old !== undefined) await server.store.browserSessions.end(old)
  return server.jar.set(COOKIE, cookie, lifetime)
}
