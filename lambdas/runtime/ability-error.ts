/** A stable, machine-readable code: lower case, words joined by underscores. */
export type ErrorCode = Lowercase<string>

/**
 * What an ability throws when it refuses. The caller sees the code, the message and the hint as a tool result with
 * `isError`; `cause` goes to the log only. Anything else that is thrown is shown as `internal_error`.
 */
export class AbilityError extends Error {
  override readonly name = 'AbilityError'

  readonly code: ErrorCode
  /** What the caller can do about it. */
  readonly hint: string

  constructor(code: ErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.hint = hint
  }
}
