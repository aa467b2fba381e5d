import type { KnownClient } from '../../store/clients.ts'

/**
 * The metadata documents of widely used clients, so that they are never fetched: two of their hosts are known to refuse
 * requests from data centres now and then. Read between August and October 2026 from copies of what the URLs answered,
 * each client's in at least two independent ones; what is for information alone (logos, home pages) is left out, and so are
 * grants that are not served here. A change there is followed here by a release.
 */
const DOCUMENTS = {
  'https://claude.ai/oauth/mcp-oauth-client-metadata': {
    client_name: 'Claude',
    redirect_uris: ['https://claude.ai/api/mcp/auth_callback'],
  },
  'https://claude.ai/oauth/claude-code-client-metadata': {
    client_name: 'Claude Code',
    redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
  },
  'https://chatgpt.com/oauth/client.json': {
    client_name: 'ChatGPT',
    redirect_uris: ['https://chatgpt.com/connector_platform_oauth_redirect'],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'RS256',
    jwks_uri: 'https://chatgpt.com/oauth/jwks.json',
  },
  'https://chatgpt.com/oauth/codex/client.json': {
    client_name: 'Codex',
    redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
    application_type: 'native',
  },
  'https://vscode.dev/oauth/client-metadata.json': {
    client_name: 'Visual Studio Code',
    redirect_uris: ['http://127.0.0.1:33418/', 'https://vscode.dev/redirect'],
    application_type: 'native',
  },
} as const

/**
 * Whose assertions name the token endpoint as audience, as RFC 7523 once asked for, and not the issuer. ChatGPT's do
 * (seen in August 2026): refusing them would keep it out. What a stolen one is worth is little: codes are bound to a
 * verifier, refresh tokens to the client.
 */
const TOKEN_ENDPOINT_AUDIENCE: readonly string[] = ['https://chatgpt.com/oauth/client.json']

/** A client whose metadata document ships with the factory. */
export function wellKnownClient(clientId: string): KnownClient | undefined {
  if (!Object.hasOwn(DOCUMENTS, clientId)) return undefined
  return {
    clientId,
    vouchedBy: 'host',
    metadata: {
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      ...DOCUMENTS[clientId as keyof typeof DOCUMENTS],
    },
  }
}

/** Whether a client's assertions may name the token endpoint as their audience. */
export function namesTokenEndpoint(clientId: string): boolean {
  return TOKEN_ENDPOINT_AUDIENCE.includes(clientId)
}
