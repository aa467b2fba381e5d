import { ENDPOINTS } from '../../model/endpoints.ts'
import { healthUrl, insertedMetadataUrl, MCP_PATH, PROTECTED_RESOURCE_METADATA } from '../../model/resource-urls.ts'
import { type AdmittedEvidence, gatherAdmitted } from './admitted-evidence.ts'
import { challengeOf } from './challenge.ts'
import { type Ask, type Exchange, jsonOf } from './exchange.ts'
import { mcpRequest } from './mcp-request.ts'
import { mayLeadTo } from './trustworthy-url.ts'

/** A page that calls from elsewhere, as browser clients do. */
const ORIGIN = { Origin: 'https://client.example' }
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
/** What a browser asks to send before an MCP request. */
export const PREFLIGHT_HEADERS = ['authorization', 'content-type', 'mcp-protocol-version', 'mcp-session-id', 'mcp-name']
export const METHODS = ['POST', 'GET', 'DELETE'] as const
const NOWHERE = '/nothing-is-served-here'

/** What an authorization server said. */
export interface IssuerEvidence {
  /** Its origin: what its identifier has to be. */
  readonly issuer: string
  readonly metadata: Exchange
  readonly openidConfiguration: Exchange
  readonly keys: Exchange
  readonly health: Exchange
  readonly nowhere: Exchange
  readonly tokenError: Exchange
  readonly tokenPreflight: Exchange
}

/** What an MCP server said. */
export interface ServerEvidence {
  readonly resource: string
  readonly issuer: string
  /** What the authorization server lists it as: `ok`, `down` or `unknown`; absent where it does not. */
  readonly listedAs?: string | undefined
  /** Without a token. */
  readonly refused: Readonly<Record<(typeof METHODS)[number], Exchange>>
  readonly badToken: Exchange
  readonly preflight: Exchange
  /** Where the challenge says, or beside the server where it says nothing usable. */
  readonly metadata: Exchange
  /** RFC 9728 §3.1, for clients that do not read the challenge. */
  readonly insertedMetadata: Exchange
  readonly nowhere: Exchange
  readonly health: Exchange
  /** With a token, or why there is none. */
  readonly admitted: AdmittedEvidence | { readonly unavailable: string }
}

/** A token for a server, or why there is none. @param scopes the everyday ones */
export type TokenSource = (
  resource: string,
  scopes: readonly string[],
) => Promise<{ readonly token: string } | { readonly unavailable: string }>

/** One request after another: a factory that has just started is not to be judged by how it takes a crowd. */
export async function gatherIssuer(issuer: string, ask: Ask): Promise<IssuerEvidence> {
  const at = (path: string) => ask(`${issuer}${path}`, { headers: ORIGIN })
  return {
    issuer,
    metadata: await at(ENDPOINTS.authorizationServerMetadata),
    openidConfiguration: await at(ENDPOINTS.openidConfiguration),
    keys: await at(ENDPOINTS.jwks),
    health: await at(ENDPOINTS.health),
    nowhere: await at(NOWHERE),
    // Names no grant, so that nothing can come of it.
    tokenError: await ask(`${issuer}${ENDPOINTS.token}`, { method: 'POST', headers: FORM, body: 'grant_type=none' }),
    tokenPreflight: await preflight(`${issuer}${ENDPOINTS.token}`, ask),
  }
}

/** @param tokens asked once what can be seen without a token has been */
export async function gatherServer(
  server: Pick<ServerEvidence, 'resource' | 'issuer' | 'listedAs'>,
  ask: Ask,
  tokens: TokenSource,
): Promise<ServerEvidence> {
  const { resource } = server
  const without = (method: string) => ask(resource, mcpRequest(method, ORIGIN))
  const refused = { POST: await without('POST'), GET: await without('GET'), DELETE: await without('DELETE') }
  const insertedMetadata = await ask(insertedMetadataUrl(resource), { headers: ORIGIN })
  const metadata = await ask(metadataUrls(resource, refused.POST)[0] ?? '', { headers: ORIGIN })
  const everyday = scopesSupported(metadata)
  const source = await tokens(resource, everyday)
  return {
    ...server,
    refused,
    badToken: await ask(resource, mcpRequest('POST', { Authorization: 'Bearer not-a-token' })),
    preflight: await preflight(resource, ask),
    metadata,
    insertedMetadata,
    nowhere: await ask(resource.slice(0, -MCP_PATH.length) + NOWHERE),
    health: await ask(healthUrl(resource)),
    admitted: 'token' in source ? await gatherAdmitted(resource, source.token, everyday, ask) : source,
  }
}

/** Where a server's metadata may be, the likelier first. */
export function metadataUrls(resource: string, refused: Exchange): string[] {
  const named = challengeOf(refused)?.parameters.resource_metadata
  const beside = resource.slice(0, -MCP_PATH.length) + PROTECTED_RESOURCE_METADATA
  return [...(named !== undefined && mayLeadTo(resource, named) ? [named] : []), beside, insertedMetadataUrl(resource)]
}

function preflight(url: string, ask: Ask): Promise<Exchange> {
  return ask(url, {
    method: 'OPTIONS',
    headers: {
      ...ORIGIN,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': PREFLIGHT_HEADERS.join(', '),
    },
  })
}

function scopesSupported(metadata: Exchange): string[] {
  const scopes = jsonOf(metadata)?.scopes_supported
  return Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : []
}
