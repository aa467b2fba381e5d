import { ENDPOINTS } from '../../../model/endpoints.ts'
import { type Markup, markup } from '../../../model/markup.ts'
import type { ServerScope } from '../../../model/scopes.ts'
import { clientName } from './client-name.ts'
import { page } from './layout.ts'

/** One server that can be allowed, and what that permits. */
export interface ConsentChoice {
  readonly name: string
  readonly title: string
  readonly resource: string
  readonly everyday: readonly ServerScope[]
  readonly privileged: readonly ServerScope[]
}

export interface ConsentFacts {
  readonly flowId: string
  readonly csrf: string
  readonly organisation: string
  /** As the client calls itself. */
  readonly clientName: string | undefined
  /** The host that a client's id leads to, where that host says what the client says; never a name that anybody may take. */
  readonly clientHost: string | undefined
  /** Whether the organisation registered the client itself. */
  readonly ownClient: boolean
  /** Where the browser goes with the answer, in words. */
  readonly destination: string
  /** One, or several that the person chooses from. */
  readonly choices: readonly ConsentChoice[]
  /** The scopes that the client asked for by name. */
  readonly asked: readonly string[]
  /** Who is signed in here; absent where sign-in follows. */
  readonly person: { readonly name: string; readonly email: string } | undefined
  /** The identity provider's name, for the button. */
  readonly provider: string
  /** Something the person should know before answering. */
  readonly notice?: string | undefined
}

/** Who asks, for whom, to which server, with which permissions, and where the browser goes next (AS-09). */
export function consentPage(facts: ConsentFacts): string {
  const client = clientName(facts.clientName)
  const [only] = facts.choices
  const single = facts.choices.length === 1 ? only : undefined
  return page(
    single ? `Allow access to ${single.title}?` : 'Allow access to a server?',
    markup`<p><strong><bdi>${client}</bdi></strong> asks for access${
      single ? markup` to <strong>${single.title}</strong>` : undefined
    } of ${facts.organisation}. ${vouching(facts)}</p>
${facts.notice !== undefined && markup`<p role="status"><strong>${facts.notice}</strong></p>\n`}<dl>
${facts.clientHost !== undefined && markup`<dt>Published by</dt><dd>${facts.clientHost}</dd>\n`}<dt>Answer goes to</dt><dd>${facts.destination}</dd>
${single && markup`<dt>Server</dt><dd>${single.resource}</dd>\n`}${
  facts.person && markup`<dt>Signed in as</dt><dd>${facts.person.name} (${facts.person.email})</dd>\n`
}</dl>
<form method="post" action="${ENDPOINTS.consent}">
<input type="hidden" name="flow" value="${facts.flowId}">
<input type="hidden" name="csrf" value="${facts.csrf}">
${facts.choices.map((choice) => choiceFields(choice, facts, single === undefined))}<div class="actions">
<button class="primary" name="decision" value="allow">${
      facts.person ? 'Allow' : `Allow and continue with ${facts.provider}`
    }</button>
<button name="decision" value="deny">Do not allow</button>
${facts.person && markup`<button name="decision" value="switch">Use another account</button>\n`}</div>
</form>
<p class="quiet">Allow only if you started this yourself just now.</p>`,
  )
}

/** How far the client's name can be trusted (AS-09). */
function vouching({ clientHost, ownClient, organisation }: ConsentFacts): string {
  if (ownClient) return `${organisation} has registered it.`
  if (clientHost !== undefined) return `It is published by ${clientHost}, which chose the name.`
  return 'The name is what the application calls itself: nobody has checked it.'
}

function choiceFields(choice: ConsentChoice, facts: ConsentFacts, several: boolean): Markup {
  return markup`<fieldset>
<legend>${several ? choice.title : 'It will be able to'}</legend>
${
  several &&
  markup`<label><input type="radio" name="server" value="${choice.name}" required> Allow access to ${choice.title}</label>\n`
}<ul>
${choice.everyday.map((scope) => markup`<li>${words(scope)} <span class="quiet">(${scope.name})</span></li>\n`)}</ul>
${
  choice.privileged.length > 0 &&
  markup`<p>Only if you tick it${facts.person ? '' : ', and your organisation lets you'}:</p>
${choice.privileged.map(
  (scope) =>
    markup`<label><input type="checkbox" name="scope" value="${scope.name}"> ${words(scope)} <span class="quiet">(${scope.name}${
      facts.asked.includes(scope.name) ? ', the application asks for it' : ''
    })</span></label>\n`,
)}`
}</fieldset>
`
}

function words(scope: ServerScope): string {
  return scope.abilities.length > 0 ? scope.abilities.join(', ') : scope.name
}
