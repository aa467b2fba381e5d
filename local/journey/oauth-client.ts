import { randomUUID } from 'node:crypto'
import type { OAuthDiscoveryState } from '@modelcontextprotocol/client'

interface Stored {
  readonly client_id: string
  readonly client_secret?: string | undefined
  readonly issuer?: string | undefined
}

interface StoredTokens {
  readonly access_token: string
  readonly token_type: string
  readonly refresh_token?: string | undefined
  readonly scope?: string | undefined
  readonly expires_in?: number | undefined
  readonly id_token?: string | undefined
  readonly issuer?: string | undefined
}

/**
 * What an MCP client keeps of its OAuth side, in memory: an `OAuthClientProvider` of the MCP SDKs, of version 1 and 2
 * alike. The redirect is not opened: {@link authorizationUrl} says where a person has to go.
 */
export class MemoryOAuthClient {
  readonly redirectUrl: string
  readonly clientMetadata: {
    client_name: string
    redirect_uris: string[]
    grant_types: string[]
    response_types: string[]
    token_endpoint_auth_method: string
    scope?: string
  }
  registration: Stored | undefined
  issued: StoredTokens | undefined
  authorizationUrl: URL | undefined
  #state = ''
  #codeVerifier = ''
  #discovery: OAuthDiscoveryState | undefined

  constructor(options: { readonly name: string; readonly redirectUrl: string; readonly scope?: string }) {
    this.redirectUrl = options.redirectUrl
    this.clientMetadata = {
      client_name: options.name,
      redirect_uris: [options.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      ...(options.scope !== undefined && { scope: options.scope }),
    }
  }

  state(): string {
    this.#state = randomUUID()
    return this.#state
  }

  clientInformation(): Stored | undefined {
    return this.registration
  }

  saveClientInformation(information: Stored): void {
    this.registration = information
  }

  tokens(): StoredTokens | undefined {
    return this.issued
  }

  saveTokens(tokens: StoredTokens): void {
    this.issued = tokens
  }

  redirectToAuthorization(url: URL): void {
    this.authorizationUrl = url
  }

  saveCodeVerifier(codeVerifier: string): void {
    this.#codeVerifier = codeVerifier
  }

  codeVerifier(): string {
    return this.#codeVerifier
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovery = state
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovery
  }

  invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    if (scope === 'all' || scope === 'client') this.registration = undefined
    if (scope === 'all' || scope === 'tokens') this.issued = undefined
    if (scope === 'all' || scope === 'discovery') this.#discovery = undefined
  }

  /**
   * The parameters of the authorization response, once its `state` is the one that was sent.
   * @throws Error where the response is another request's, or an error
   */
  authorizationResponse(callback: URL): URLSearchParams {
    const parameters = callback.searchParams
    if (parameters.get('state') !== this.#state) throw new Error(`state is not the one that was sent: ${callback.href}`)
    const error = parameters.get('error')
    if (error !== null) throw new Error(`${error}: ${parameters.get('error_description')}`)
    return parameters
  }
}
