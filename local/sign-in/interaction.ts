import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import { accountChooser, errorPage, sendPage } from './page.ts'
import type { SamplePerson } from './sample-people.ts'

/** Answers the account chooser: GET shows it, POST takes the choice and returns to the authorization request. */
export async function interact(
  provider: Provider,
  people: readonly SamplePerson[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const interaction = await provider.interactionDetails(request, response)
    if (request.method !== 'POST') {
      const hint = interaction.params.login_hint
      sendPage(response, 200, accountChooser(people, request.url ?? '', typeof hint === 'string' ? hint : undefined))
      return
    }
    const form = new URLSearchParams(await text(request))
    if (form.has('cancel')) {
      await provider.interactionFinished(request, response, {
        error: 'access_denied',
        error_description: 'sign-in was cancelled',
      })
      return
    }
    const person = people.find(({ email }) => email === form.get('person'))
    if (person === undefined) {
      sendPage(response, 400, errorPage('Nobody of that name', 'Go back and choose one of the accounts.'))
      return
    }
    await endOtherSession(provider, person, request, response)
    await provider.interactionFinished(request, response, { login: { accountId: person.email }, select_account: {} })
  } catch (error) {
    if (!(error instanceof errors.OIDCProviderError)) throw error
    sendPage(response, 400, errorPage('This sign-in has ended', 'It expired, or was finished elsewhere. Begin again.'))
  }
}

/** Ends a session of somebody else: left in place, oidc-provider would ask for a logout before it goes on. */
async function endOtherSession(
  provider: Provider,
  person: SamplePerson,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const session = await provider.Session.get(provider.createContext(request, response))
  if (session.accountId === undefined || session.accountId === person.email) return
  const interaction = await provider.interactionDetails(request, response)
  await session.destroy()
  interaction.session = undefined
  await interaction.persist()
}
