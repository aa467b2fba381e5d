import { ENDPOINTS } from '../../../model/endpoints.ts'
import { equalSecrets, sha256 } from '../../tokens/secrets.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import { providerName } from '../flow/ask-consent.ts'
import { currentSession, sessionCookie } from '../flow/browser-session.ts'
import { readForm } from '../http/body.ts'
import { PageError } from '../http/errors.ts'
import type { Request } from '../http/request.ts'
import { html, type Response, seeOther } from '../http/response.ts'
import { refuseForeign } from '../http/same-origin.ts'
import { accountPage, signedOutPage } from '../pages/account-page.ts'
import { ACCOUNT_ACTIONS } from './actions.ts'
import { signInToAccount } from './sign-in.ts'
import { signOut } from './sign-out.ts'

/** A person's own page: which applications have access, and where they are signed in; or the way to sign in. */
export async function showAccount(server: AuthorizationServer, request: Request): Promise<Response> {
  const factory = await server.store.factory()
  const { policy, servers } = factory
  const session = await currentSession(server, request, factory)
  if (session === undefined)
    return html(200, signedOutPage({ organisation: policy.organisation, provider: providerName(policy) }))
  const { person } = session.signedIn
  return html(
    200,
    accountPage({
      csrf: csrfToken(server, request),
      person,
      ...(await server.store.holdings.list(person.sub)),
      currentSession: session.id,
      servers,
      done: request.query.get('done'),
    }),
  )
}

/** What a person does on that page, always by a form whose token is bound to the browser session it was shown to. */
export async function answerAccount(server: AuthorizationServer, request: Request): Promise<Response> {
  const form = readForm(request)
  if (form.repeated.length > 0) throw new PageError('This answer is malformed', 'A field is given more than once.')
  refuseForeign(request, server.issuer)
  const asked = form.get('action') ?? ''
  if (asked === 'sign-in') return signInToAccount(server, request)
  const factory = await server.store.factory()
  const session = await currentSession(server, request, factory)
  if (session === undefined) return seeOther(ENDPOINTS.account)
  if (!equalSecrets(form.get('csrf') ?? '', csrfToken(server, request)))
    throw new PageError('This answer did not come from our page', `Open ${ENDPOINTS.account} again.`, { status: 403 })
  if (asked === 'sign-out') return signOut(server, request)
  const action = Object.hasOwn(ACCOUNT_ACTIONS, asked) ? ACCOUNT_ACTIONS[asked] : undefined
  if (action === undefined) throw new PageError('This answer is incomplete', 'Choose one of the buttons of the page.')
  const { sub } = session.signedIn.person
  await action({ server, sub, sessionId: session.id, id: form.get('id') ?? '', requestId: request.requestId })
  return seeOther(`${ENDPOINTS.account}?done=${asked}`)
}

/** Made of the cookie's secret: it needs no place of its own, and no other browser session has the same. */
function csrfToken(server: AuthorizationServer, request: Request): string {
  return sha256(`account-csrf|${sessionCookie(server, request)}`)
}
