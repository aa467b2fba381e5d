import { Browser, type Page } from '../../local/journey/browser.ts'
import { goThrough } from '../../local/journey/person.ts'
import { type Answer, pkcePair, RawOAuth, REDIRECT_URI, STATE } from './oauth.ts'
import { plant } from './planted-secrets.ts'

/** A browser that stops at the redirect URIs of the tests' clients. */
export function newBrowser(): Browser {
  return new Browser({ stopAt: ({ href }) => href.startsWith(REDIRECT_URI) })
}

/** An authorization request of a client that may have been registered before. */
export interface AuthorizationRequest {
  readonly client: string
  readonly verifier: string
  readonly url: URL
}

/** @param resource the server that the token shall be for */
export async function newAuthorizationRequest(
  oauth: RawOAuth,
  resource: string,
  options: { readonly client?: string; readonly parameters?: Readonly<Record<string, string>> } = {},
): Promise<AuthorizationRequest> {
  const client = options.client ?? (await oauth.newClient())
  const { verifier, challenge } = pkcePair()
  const url = oauth.authorizationUrl({
    response_type: 'code',
    client_id: client,
    redirect_uri: REDIRECT_URI,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    resource,
    state: STATE,
    ...options.parameters,
  })
  return { client, verifier, url }
}

/** A code that a client has received and not redeemed yet. */
export interface ReceivedCode extends AuthorizationRequest {
  readonly code: string
  /** Redeems the code as the client would; `change` replaces single fields. */
  redeem(change?: Readonly<Record<string, string>>): Promise<Answer>
}

/** Takes a person through the pages up to the code. */
export async function receiveCode(
  issuer: string,
  resource: string,
  options: {
    readonly email?: string
    readonly browser?: Browser
    readonly client?: string
    readonly parameters?: Readonly<Record<string, string>>
    readonly sees?: (page: Page) => void
  } = {},
): Promise<ReceivedCode> {
  const oauth = new RawOAuth(issuer)
  const request = await newAuthorizationRequest(oauth, resource, options)
  const browser = options.browser ?? newBrowser()
  const end = await goThrough(browser, request.url, {
    email: options.email ?? 'alice@example.com',
    ...(options.sees && { sees: options.sees }),
  })
  for (const [name, value] of browser.cookies.for(request.url.hostname)) plant(`cookie ${name}`, value)
  const code = end.url.searchParams.get('code')
  if (end.status !== 0 || code === null) throw new Error(`no code: ${end.url.href}: ${end.text}`)
  plant('code', code)
  const redeem = (change: Readonly<Record<string, string>> = {}) =>
    oauth.token({
      grant_type: 'authorization_code',
      client_id: request.client,
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: request.verifier,
      ...change,
    })
  return { ...request, code, redeem }
}

export interface ReceivedTokens extends ReceivedCode {
  readonly accessToken: string
  readonly refreshToken: string
  refresh(refreshToken: string, change?: Readonly<Record<string, string>>): Promise<Answer>
}

/** Takes a person through the pages and the client to its tokens. */
export async function receiveTokens(...parameters: Parameters<typeof receiveCode>): Promise<ReceivedTokens> {
  const [issuer] = parameters
  const received = await receiveCode(...parameters)
  const { status, json, text } = await received.redeem()
  if (status !== 200) throw new Error(`the token endpoint answered ${status}: ${text}`)
  return {
    ...received,
    accessToken: String(json?.access_token),
    refreshToken: String(json?.refresh_token),
    refresh: (refreshToken, change = {}) =>
      new RawOAuth(issuer).token({
        grant_type: 'refresh_token',
        client_id: received.client,
        refresh_token: refreshToken,
        ...change,
      }),
  }
}
