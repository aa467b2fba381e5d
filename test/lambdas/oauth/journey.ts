import { createHash, randomBytes } from 'node:crypto'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { cognitoPerson, type FactoryFixture, type HttpRequest, PRODUCTIVITY } from './factory-fixture.ts'

export type Answer = APIGatewayProxyStructuredResultV2

export interface Registered {
  readonly client_id: string
  readonly client_secret?: string
  readonly registration_access_token: string
  readonly [member: string]: unknown
}

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
  readonly scope: string
}

export const LOOPBACK = 'http://127.0.0.1:4321/callback'
export const KNOWN = 'https://claude.ai/api/mcp/auth_callback'

/** A browser: keeps cookies, follows our pages as a person would. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #factory: FactoryFixture

  constructor(factory: FactoryFixture) {
    this.#factory = factory
  }

  async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#send(this.toGet(url, headers))
  }

  async post(path: string, form: URLSearchParams, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#send(this.toPost(path, form, headers))
  }

  /** The request that `get` sends. */
  toGet(url: string, headers: Readonly<Record<string, string>> = {}): HttpRequest {
    const { pathname, search } = new URL(url, 'https://mcp.example.com')
    return { path: pathname, query: search.slice(1), headers, cookies: this.#pairs() }
  }

  /** The request that `post` sends. */
  toPost(path: string, form: URLSearchParams, headers: Readonly<Record<string, string>> = {}): HttpRequest {
    return { ...formRequest(path, form, headers), cookies: this.#pairs() }
  }

  #pairs(): string[] {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`)
  }

  async #send(request: HttpRequest): Promise<Answer> {
    const answer = await this.#factory.send(request)
    for (const cookie of answer.cookies ?? []) {
      const [pair = '', ...attributes] = cookie.split('; ')
      const split = pair.indexOf('=')
      if (attributes.includes('Max-Age=0')) this.cookies.delete(pair.slice(0, split))
      else this.cookies.set(pair.slice(0, split), pair.slice(split + 1))
    }
    return answer
  }

  /** Goes to the identity provider and comes back with its answer. */
  async signInUpstream(consented: Answer, person: Readonly<Record<string, unknown>>): Promise<Answer> {
    return this.get(await this.upstreamAnswer(consented, person))
  }

  /** The callback URL that the identity provider would send the browser to. */
  async upstreamAnswer(consented: Answer, person: Readonly<Record<string, unknown>>): Promise<string> {
    this.#factory.provider.person = person
    const response = await fetch(refreshTarget(consented), { redirect: 'manual' })
    await response.text()
    return response.headers.get('location') ?? ''
  }
}

export function pkce(verifier = randomBytes(32).toString('base64url')): { verifier: string; challenge: string } {
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

export function registration(metadata: Readonly<Record<string, unknown>> = {}): HttpRequest {
  return {
    method: 'POST',
    path: '/register',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Test client',
      redirect_uris: [LOOPBACK, KNOWN],
      token_endpoint_auth_method: 'none',
      ...metadata,
    }),
  }
}

export async function register(factory: FactoryFixture, metadata: Record<string, unknown> = {}): Promise<Registered> {
  const answer = await factory.send(registration(metadata))
  if (answer.statusCode !== 201) throw new Error(`registration: ${answer.statusCode} ${answer.body}`)
  return JSON.parse(answer.body ?? '') as Registered
}

export function authorizeUrl(parameters: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams({
    response_type: 'code',
    redirect_uri: LOOPBACK,
    state: 'client-state',
    code_challenge: pkce().challenge,
    code_challenge_method: 'S256',
    resource: PRODUCTIVITY.resource,
  })
  for (const [name, value] of Object.entries(parameters))
    if (value === undefined) query.delete(name)
    else query.set(name, value)
  return `/authorize?${query}`
}

/** The hidden fields of the consent page. */
export function consentForm(
  page: Answer,
  decision: string,
  more: Readonly<Record<string, string>> = {},
): URLSearchParams {
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.body ?? '')?.[1] ?? ''
  return new URLSearchParams({ flow: field('flow'), csrf: field('csrf'), decision, ...more })
}

/** Where a page's meta refresh leads. */
export function refreshTarget(page: Answer): string {
  const [, url = ''] = /http-equiv="refresh" content="0;url=([^"]*)"/.exec(page.body ?? '') ?? []
  if (url === '') throw new Error(`no refresh: ${page.statusCode} ${page.body}`)
  return url.replaceAll('&amp;', '&').replaceAll('&#39;', "'")
}

export function location(answer: Answer): URL {
  const target = answer.headers?.Location
  if (typeof target !== 'string') throw new Error(`no redirect: ${answer.statusCode} ${answer.body}`)
  return new URL(target)
}

export interface CodeOf {
  readonly clientId: string
  readonly code: string
  readonly verifier: string
  readonly redirectUri: string
  readonly browser: Browser
}

/** A stranger who allows what is asked for, and a privileged scope where one is to be ticked. */
export async function consentOf(
  factory: FactoryFixture,
  parameters: Readonly<Record<string, string>>,
  tick = '',
): Promise<{ readonly browser: Browser; readonly consented: Answer }> {
  const browser = new Browser(factory)
  const page = await browser.get(authorizeUrl(parameters))
  return { browser, consented: await browser.post('/consent', consentForm(page, 'allow', tick ? { scope: tick } : {})) }
}

/** The answer that somebody gets who consents and then signs in. @param person what the identity provider says of them */
export async function signIn(
  factory: FactoryFixture,
  parameters: Readonly<Record<string, string>>,
  person: Readonly<Record<string, unknown>>,
  tick = '',
): Promise<Answer> {
  const { browser, consented } = await consentOf(factory, parameters, tick)
  return browser.signInUpstream(consented, person)
}

export interface JourneyOptions {
  readonly clientId: string
  readonly email?: string
  readonly redirectUri?: string
  readonly resource?: string
  readonly scope?: string
  readonly tick?: string
  readonly browser?: Browser
}

/** From /authorize to where the identity provider sends a person back to, who allows everything that is asked for. */
export async function reachCallback(
  factory: FactoryFixture,
  options: JourneyOptions,
): Promise<Omit<CodeOf, 'code'> & { readonly callback: string }> {
  const browser = options.browser ?? new Browser(factory)
  const redirectUri = options.redirectUri ?? LOOPBACK
  const { verifier, challenge } = pkce()
  const page = await browser.get(
    authorizeUrl({
      client_id: options.clientId,
      redirect_uri: redirectUri,
      code_challenge: challenge,
      ...(options.resource && { resource: options.resource }),
      ...(options.scope && { scope: options.scope }),
    }),
  )
  const consented = await browser.post(
    '/consent',
    consentForm(page, 'allow', options.tick ? { scope: options.tick } : {}),
  )
  const callback = await browser.upstreamAnswer(consented, cognitoPerson(options.email ?? 'alice@example.com'))
  return { clientId: options.clientId, verifier, redirectUri, browser, callback }
}

/** From /authorize to the code. */
export async function obtainCode(factory: FactoryFixture, options: JourneyOptions): Promise<CodeOf> {
  const { callback, ...reached } = await reachCallback(factory, options)
  return { ...reached, code: codeIn(await reached.browser.get(callback)) }
}

/** The code that an answer leads to the client with, by redirect or by a page. */
export function codeIn(answer: Answer): string {
  const target = answer.statusCode === 302 ? location(answer) : new URL(refreshTarget(answer))
  const code = target.searchParams.get('code')
  if (code === null) throw new Error(`no code: ${target}`)
  return code
}

/** A form as programs and browsers send it. */
export function formRequest(
  path: string,
  form: Readonly<Record<string, string>> | URLSearchParams,
  headers: Readonly<Record<string, string>> = {},
): HttpRequest {
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form as Record<string, string>).toString(),
  }
}

export async function postToken(
  factory: FactoryFixture,
  form: Readonly<Record<string, string>> | URLSearchParams,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: Record<string, unknown>; answer: Answer }> {
  const answer = await factory.send(formRequest('/token', form, headers))
  return { status: answer.statusCode ?? 0, body: JSON.parse(answer.body || '{}') as Record<string, unknown>, answer }
}

export function codeForm(
  { clientId, code, verifier, redirectUri }: CodeOf,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
    ...more,
  }
}

/** The whole way: registration, consent, sign-in, tokens. */
export async function obtainTokens(
  factory: FactoryFixture,
  options: Partial<JourneyOptions> = {},
): Promise<Tokens & { readonly clientId: string; readonly obtained: CodeOf }> {
  const clientId = options.clientId ?? (await register(factory)).client_id
  const obtained = await obtainCode(factory, { ...options, clientId })
  const { status, body } = await postToken(factory, codeForm(obtained))
  if (status !== 200) throw new Error(`token: ${status} ${JSON.stringify(body)}`)
  return { ...(body as unknown as Tokens), clientId, obtained }
}

export function refreshForm(clientId: string, refreshToken: string, more: Readonly<Record<string, string>> = {}) {
  return { grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken, ...more }
}

/** Changes a registration behind the server's back, as a client metadata document can change. */
export async function changeRedirectUris(
  factory: FactoryFixture,
  client: Registered,
  redirectUris: readonly string[],
): Promise<void> {
  const { client_id, redirect_uris: _, ...metadata } = client
  await factory.put({
    pk: `CLIENT#${client_id}`,
    sk: 'CLIENT',
    doc: JSON.stringify({ ...metadata, redirect_uris: redirectUris }),
    issuedAt: factory.now(),
    expiresAt: factory.now() + 1000,
  })
}
