import type { AuthorizationServer } from '../authorization-server.ts'
import { endGrant } from '../token/end-grant.ts'

export interface AccountAction {
  readonly server: AuthorizationServer
  /** The person signed in. */
  readonly sub: string
  /** The browser session that asks. */
  readonly sessionId: string
  /** What the form names: a grant, or a browser session. */
  readonly id: string
  readonly requestId: string
}

/** What a person can end on their account page; each ends only what is theirs. */
export const ACCOUNT_ACTIONS: Readonly<Record<string, (action: AccountAction) => Promise<void>>> = {
  'remove-access': (action) => endGrants(action, ({ grantId }) => grantId === action.id),
  'remove-all-access': (action) => endGrants(action, () => true),
  'end-session': (action) => endSessions(action, (id) => id === action.id),
  'end-other-sessions': (action) => endSessions(action, (id) => id !== action.sessionId),
}

/** By what is noted, not by what is listed: a code that waits to be redeemed has a grant to come. */
async function endGrants(
  { server, sub, requestId }: AccountAction,
  chosen: (grant: { readonly grantId: string }) => boolean,
): Promise<void> {
  const { grants } = await server.store.people.index(sub)
  for (const grant of grants.filter(chosen))
    await endGrant(server, { ...grant, signedIn: { person: { sub } } }, 'ended by its person', requestId)
}

async function endSessions({ server, sub, requestId }: AccountAction, chosen: (id: string) => boolean): Promise<void> {
  const { browserSessions } = await server.store.people.index(sub)
  const ended = browserSessions.filter(({ id }) => chosen(id))
  for (const { id } of ended) await server.store.browserSessions.end(sub, id)
  if (ended.length > 0)
    server.audit('session.ended', { requestId, sub, reason: 'ended by its person', count: ended.length })
}
