import type { ServerDocument } from '../../../model/documents.ts'
import { ENDPOINTS } from '../../../model/endpoints.ts'
import { type Markup, markup } from '../../../model/markup.ts'
import type { HeldGrant, Holdings } from '../../store/holdings.ts'
import type { NotedSession } from '../../store/people.ts'
import { clientName } from './client-name.ts'
import { page } from './layout.ts'

export interface AccountFacts extends Holdings {
  readonly csrf: string
  readonly person: { readonly name: string; readonly email: string }
  /** The browser session that looks. */
  readonly currentSession: string
  readonly servers: readonly ServerDocument[]
  /** What the person did before: a key of {@link DONE}. */
  readonly done: string | undefined
}

const DONE: Readonly<Record<string, string>> = {
  'remove-access': 'Access was removed. The application is refused within ten seconds.',
  'remove-all-access': 'All access was removed. The applications are refused within ten seconds.',
  'end-session': 'That browser is signed out.',
  'end-other-sessions': 'All other browsers are signed out.',
}

/** Which applications have a person's access, where the person is signed in, and a button to end each. */
export function accountPage(facts: AccountFacts): string {
  const { person, grants, browserSessions, csrf } = facts
  const done = facts.done !== undefined && Object.hasOwn(DONE, facts.done) && DONE[facts.done]
  return page(
    'Your account',
    markup`${done && markup`<p role="status"><strong>${done}</strong></p>\n`}<p>Signed in as <strong>${person.name}</strong> (${person.email}).</p>
${button(csrf, 'sign-out', 'Sign out of this browser')}
<h2>Applications with access</h2>
${
  grants.length === 0
    ? markup`<p>No application has access in your name.</p>\n`
    : markup`<ul class="entries">\n${grants.map((grant) => grantEntry(grant, facts))}</ul>\n`
}${grants.length > 1 && button(csrf, 'remove-all-access', 'Remove all access')}
<h2>Where you are signed in</h2>
<ul class="entries">
${browserSessions.map((session) => sessionEntry(session, facts))}</ul>
${browserSessions.length > 1 && button(csrf, 'end-other-sessions', 'Sign out everywhere else')}
<p class="quiet">Times are in UTC. Applications keep their access when you sign out of a browser.</p>`,
  )
}

/** For somebody who is not signed in. */
export function signedOutPage(facts: { readonly organisation: string; readonly provider: string }): string {
  return page(
    'Your account',
    markup`<p>You are not signed in at the MCP servers of ${facts.organisation} in this browser. Sign in to see which applications have access in your name, and to end it.</p>
<form method="post" action="${ENDPOINTS.account}" class="actions">
<button class="primary" name="action" value="sign-in">Continue with ${facts.provider}</button>
</form>`,
  )
}

function grantEntry(grant: HeldGrant, { servers, csrf }: AccountFacts): Markup {
  const client = clientName(grant.clientName)
  const server = servers.find(({ name }) => name === grant.server)
  const title = server?.title ?? grant.server
  const words = grant.scopes.map(
    (name) => server?.scopes.find((scope) => scope.name === name)?.abilities.join(', ') || name,
  )
  return markup`<li>
<h3><bdi>${client}</bdi> on ${title}</h3>
<dl>
<dt>Answers go to</dt><dd>${grant.destination}</dd>
<dt>It can</dt><dd>${words.join(', ')}</dd>
<dt>Allowed</dt><dd>${time(grant.allowedAt)}</dd>
<dt>Last renewed</dt><dd>${time(grant.lastUsedAt)}</dd>
</dl>
${button(csrf, 'remove-access', 'Remove access', { id: grant.grantId, of: `of ${client} to ${title}` })}</li>
`
}

function sessionEntry(session: NotedSession, { currentSession, csrf }: AccountFacts): Markup {
  const browser = session.browser ?? 'A browser'
  const signedIn = markup`${browser}, since ${time(session.signedInAt)}`
  return session.id === currentSession
    ? markup`<li>${signedIn} <strong>(this one)</strong></li>\n`
    : markup`<li>${signedIn}
${button(csrf, 'end-session', 'Sign out', { id: session.id, of: `of ${browser}, since ${minute(session.signedInAt)}` })}</li>
`
}

/**
 * A form of its own for each act: every one is a POST with the token.
 * @param what one of several; `of` is what a screen reader adds to the label
 */
function button(
  csrf: string,
  action: string,
  label: string,
  what?: { readonly id: string; readonly of: string },
): Markup {
  return markup`<form method="post" action="${ENDPOINTS.account}" class="actions">
<input type="hidden" name="csrf" value="${csrf}">
${what && markup`<input type="hidden" name="id" value="${what.id}">\n`}<button name="action" value="${action}"${
    what && markup` aria-label="${label} ${what.of}"`
  }>${label}</button>
</form>
`
}

/** @param at seconds since the epoch */
function time(at: number): Markup {
  return markup`<time datetime="${new Date(at * 1000).toISOString()}">${minute(at)}</time>`
}

/** `2026-11-22 08:41`, which every reader understands. @param at seconds since the epoch */
function minute(at: number): string {
  return new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')
}
