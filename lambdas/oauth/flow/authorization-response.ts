import type { KnownClient } from '../../store/clients.ts'
import { destination, mayReceiveErrors } from '../clients/redirect-uri.ts'
import { html, type Response, redirect } from '../http/response.ts'
import { continuePage } from '../pages/continue-page.ts'
import { messagePage } from '../pages/message-page.ts'

/** Where an authorization response goes: a redirect URI that is validated, and the client's own state. */
export interface ResponseTarget {
  readonly redirectUri: string
  readonly state?: string | undefined
}

/** An error of RFC 6749 §4.1.2.1 and its kin. */
export interface AuthorizationError {
  readonly error: string
  readonly description: string
}

/**
 * The URL that carries an authorization response: the registered URI as it is, with the parameters appended, `iss`
 * always among them (AS-04, RFC 9207).
 */
export function authorizationResponseUrl(
  target: ResponseTarget,
  parameters: Readonly<Record<string, string>>,
  issuer: string,
): string {
  const appended = new URLSearchParams(parameters)
  if (target.state !== undefined) appended.set('state', target.state)
  appended.set('iss', issuer)
  const { redirectUri } = target
  const separator = redirectUri.includes('?') ? (/[?&]$/.test(redirectUri) ? '' : '&') : '?'
  return `${redirectUri}${separator}${appended}`
}

export function errorResponseUrl(target: ResponseTarget, error: AuthorizationError, issuer: string): string {
  return authorizationResponseUrl(target, { error: error.error, error_description: error.description }, issuer)
}

/**
 * Answers an error: by redirect where the target may receive one unasked, else by a page that names the host and offers
 * the link (RFC 9700 §4.11.2).
 * @param by how a redirect is made: `get` by 302, `form` by a page that goes on (a form is never answered with 3xx)
 */
export function answerError(
  target: ResponseTarget,
  error: AuthorizationError,
  facts: {
    readonly issuer: string
    readonly hosts: readonly string[]
    readonly client: KnownClient
    readonly requestId: string
  },
  by: 'get' | 'form',
): Response {
  const href = errorResponseUrl(target, error, facts.issuer)
  const goesTo = destination(target.redirectUri)
  // Where the organisation registered a client itself, that a URI is registered says enough.
  if (facts.client.vouchedBy !== 'config' && !mayReceiveErrors(target.redirectUri, facts.hosts))
    return html(
      by === 'form' ? 200 : 400,
      messagePage({
        title:
          error.error === 'access_denied' ? 'You did not allow access' : 'The application’s request cannot be granted',
        paragraphs: [error.description, `You can go back to the application. The link leads to ${goesTo}.`],
        link: { href, text: `Continue to ${goesTo}` },
        requestId: facts.requestId,
      }),
    )
  return by === 'get'
    ? redirect(href)
    : html(200, continuePage({ title: 'Going back to the application', href, link: `Continue to ${goesTo}` }))
}
