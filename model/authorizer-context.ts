/**
 * What the gate tells a skillset server of the caller: the authorizer's context. API Gateway makes every value a
 * string (PLATFORM 3), so lists are space-separated and numbers are decimal. Nothing else reaches the server:
 * `Authorization`, cookies and `x-user-*` are removed.
 */
export interface AuthorizerContext {
  readonly sub: string
  readonly email: string
  readonly name: string
  /** Empty where there is none. */
  readonly picture: string
  readonly tenant: string
  /** The token's scopes, as far as this person may still hold them: never more than `ceiling`. */
  readonly scope: string
  /** The scopes this person may ever hold on this server. */
  readonly ceiling: string
  readonly client_id: string
  /** The grant. */
  readonly sid: string
  readonly jti: string
  /** Seconds since the epoch; a stream ends here (RS-07). */
  readonly exp: string
}
