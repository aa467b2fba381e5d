import type { TestFactory } from '../support/factory.ts'
import type { RawOAuth } from '../support/oauth.ts'

/** What the suites of attacks on the authorization server share. */
export interface Target {
  readonly factory: TestFactory
  readonly oauth: RawOAuth
  /** The server that is asked for. */
  readonly resource: string
  /** A registered public client. */
  readonly client: string
}
