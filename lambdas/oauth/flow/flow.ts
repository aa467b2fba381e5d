import { randomBytes } from 'node:crypto'

/** Seconds that a person has between the client's request and the answer of the identity provider (AS-09). */
export const FLOW_LIFETIME = 600

/** What a client asked, validated. */
export interface AuthorizationRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly state?: string | undefined
  /** S256 (RFC 7636). */
  readonly codeChallenge: string
  /** The server's name; absent where the person must choose one. */
  readonly server?: string | undefined
  /** The scopes that were asked for and exist. */
  readonly scopes: readonly string[]
  readonly loginHint?: string | undefined
}

/** A request that waits for a person. Nothing of it is stored: it travels sealed in the browser's cookie. */
export interface PendingFlow {
  readonly id: string
  readonly request: AuthorizationRequest
  /** In the form and here: who posts the form has seen the page. */
  readonly csrf: string
  /** The browser session that the page was shown to; absent where it must not or could not be used. */
  readonly sessionId?: string | undefined
  /** The person must sign in again, whatever browser session there is. */
  readonly freshSignIn: boolean
}

/** A request that a person approved and that the identity provider now answers. */
export interface ApprovedFlow extends PendingFlow, UpstreamFlow {
  readonly approved: { readonly server: string; readonly scopes: readonly string[] }
}

/** A person signs in to see their account: no client, nothing to approve. */
export interface AccountFlow extends UpstreamFlow {
  readonly id: string
}

/** A flow that a person was sent to the identity provider with. */
export interface UpstreamFlow {
  readonly upstream: UpstreamAttempt
  /** What the provider said of the person, where the table failed afterwards: it says it once. */
  readonly vouched?: Readonly<Record<string, unknown>> | undefined
}

/** Made only after approval (AS-09). */
export interface UpstreamAttempt {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly url: string
}

const FLOW_ID = /^[0-9a-z]{6,9}-[A-Za-z0-9_-]{22}$/

/** Flow ids begin with their time, so that the oldest is known without opening any. @param now seconds since the epoch */
export function newFlowId(now: number): string {
  return `${now.toString(36)}-${randomBytes(16).toString('base64url')}`
}

export function isFlowId(value: string): boolean {
  return FLOW_ID.test(value)
}

/** Seconds since the epoch. */
export function flowStartedAt(flowId: string): number {
  return Number.parseInt(flowId, 36)
}
