import type { PolicyDocument } from '../../../model/documents.ts'
import type { BrowserSession } from '../../store/browser-sessions.ts'
import type { Factory } from '../../store/factory-documents.ts'
import type { SignedInPerson } from '../../store/signed-in-person.ts'
import { randomSecret } from '../../tokens/secrets.ts'
import { readmit } from '../admission.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import type { Request } from '../http/request.ts'
import { browserName } from './browser-name.ts'

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
  const cookie = sessionCookie(server, request)
  if (cookie === undefined) return undefined
  const [session, denied] = await Promise.all([server.store.browserSessions.find(cookie), server.store.denyEntries()])
  if (session === undefined) return undefined
  const { policy } = factory
  if (session.signedIn.signedInAt + policy.lifetimes.refreshAbsolute <= server.now()) return undefined
  const decision = readmit(session.signedIn, { policy, denied })
  if (decision.admitted) return session
  const { rule, detail } = decision
  const { sub, email, tenant } = session.signedIn.person
  server.audit('session.refused', { requestId: request.requestId, sub, email, tenant, rule, detail })
  return undefined
}

/** What this browser's cookie holds, whatever it is worth. */
export function sessionCookie(server: AuthorizationServer, request: Request): string | undefined {
  return request.cookie(server.jar.name(COOKIE))
}

/**
 * Begins a browser session after a sign-in, with a new secret; the one that this browser had ends.
 * @returns the `Set-Cookie` value
 */
export async function beginSession(
  server: AuthorizationServer,
  request: Request,
  signedIn: SignedInPerson,
  lifetimes: PolicyDocument['lifetimes'],
): Promise<string> {
  const { store, jar } = server
  const { email, sub } = signedIn.person
  // Before anything is given: an administrator ends what the address leads to.
  await store.people.noteEmail(email, sub, signedIn.signedInAt + lifetimes.refreshAbsolute)
  const cookie = randomSecret()
  const browser = browserName(request.header('user-agent'))
  await store.browserSessions.begin(cookie, signedIn, server.now() + lifetimes.browserSession, browser)
  await endSession(server, request, 'signed in anew')
  return jar.set(COOKIE, cookie, lifetimes.browserSession)
}

/**
 * Ends the browser session of a request, where there is one.
 * @param reason for the audit
 * @returns the `Set-Cookie` value that removes its cookie
 */
export async function endSession(server: AuthorizationServer, request: Request, reason: string): Promise<string> {
  const cookie = sessionCookie(server, request)
  const { browserSessions } = server.store
  const session = cookie === undefined ? undefined : await browserSessions.find(cookie)
  if (session) {
    const { sub } = session.signedIn.person
    await browserSessions.end(sub, session.id)
    server.audit('session.ended', { requestId: request.requestId, sub, reason, count: 1 })
  }
  return server.jar.clear(COOKIE)
}
