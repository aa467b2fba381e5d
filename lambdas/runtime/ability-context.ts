import type { Ask, Confirm } from './confirm/confirm.ts'

/** The person on whose behalf an ability runs, as the gate vouched for them. */
export interface Caller {
  /** The access token's `sub`: stable over changes of the connection. Data is keyed on it, never on the email. */
  readonly id: string
  readonly email: string
  readonly name: string
  readonly picture?: string
  /** The organisation the person belongs to. */
  readonly tenant: string
  /** The scopes of this token. */
  readonly scopes: readonly string[]
  /** The OAuth client that the person lets act for them. */
  readonly clientId: string
}

/** How far a long-running ability is; `done` only ever grows. */
export interface ProgressUpdate {
  readonly done: number
  readonly total?: number
  readonly message?: string
}

/** The structured log of one call: every line carries the request id, the person and the tenant. */
export interface AbilityLog {
  debug(message: string, details?: Readonly<Record<string, unknown>>): void
  info(message: string, details?: Readonly<Record<string, unknown>>): void
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
  error(message: string, details?: Readonly<Record<string, unknown>>): void
}

/** What an ability is given beside its input. Nothing in it came from the request's headers. */
export interface AbilityContext<Services> {
  readonly person: Caller
  /** What the skillset's `services` built, once per instance. */
  readonly services: Services
  /**
   * Aborted when the function's deadline or the token's end is near, the ability's own `timeout` is over, or the client
   * cancels the call by `notifications/cancelled`; and where a question ends the run. A client that leaves does not
   * abort it: Lambda is not told.
   */
  readonly signal: AbortSignal
  /** Sent at once where the client asked for progress; otherwise nothing happens. */
  readonly progress: (update: ProgressUpdate) => Promise<void>
  /**
   * Asks the person; what follows runs only if they agree. Where the client has to be answered first, the ability is
   * run again from its start: what comes before `confirm()` must be repeatable, and what it changes comes after. An
   * ability that confirms declares `confirms: true`.
   */
  readonly confirm: Confirm
  /**
   * Puts questions of the protocol's own (`elicitation/create`, `sampling/createMessage`, `roots/list`; the SDK's
   * `inputRequired` builds them) to the client, by names of the ability's choice. What was said of `confirm()` holds
   * here. Answers are whatever the client says: nobody has looked at them.
   * @throws ProtocolError −32021 where the client did not declare that it can be asked this
   */
  readonly ask: Ask
  /** A client that asks for it is told the messages, too, and never the details. */
  readonly log: AbilityLog
  /** Also in the response's `X-Request-ID` and in every log line. */
  readonly requestId: string
}
