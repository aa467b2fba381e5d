import type { RequestListener } from 'node:http'

/** What every server under test is configured with: the same issuer, server, scope, client and lifetimes. */
export const ISSUER = 'https://mcp.example.com'
export const RESOURCE = `${ISSUER}/productivity/mcp`
export const SCOPE = 'calendar:read'
export const REDIRECT_URI = 'http://127.0.0.1:4321/callback'
/** Seconds. */
export const LIFETIMES = { accessToken: 600, refresh: 14 * 86_400 } as const

/** An authorization code as a client holds it, with everything that redeems it. */
export interface HeldCode {
  readonly clientId: string
  readonly code: string
  /** PKCE (RFC 7636). */
  readonly verifier: string
}

/** An authorization server with its state in memory. */
export interface TokenServer {
  /** For a plain node:http server. */
  readonly listener: RequestListener
  readonly tokenPath: string
  /** Issues codes as after so many people's consent: sign-in and pages are not measured. */
  issueCodes(count: number): Promise<HeldCode[]>
  /** Whether the MCP server would accept an access token; how is the product's own business. */
  accepts(accessToken: string): Promise<boolean>
}

/** What a module in servers/ exports. */
export interface TokenServerModule {
  /** @param variant a way to configure the product that is measured beside another */
  start(variant?: string): Promise<TokenServer>
}
