/** Why a document elsewhere was not read; stable, for logs and tests. */
export type OutgoingFailure =
  | 'url_not_allowed'
  | 'address_not_public'
  | 'too_many_requests'
  | 'unreachable'
  | 'unacceptable_answer'

/** A request that left this server, or was not let out, and brought nothing that can be used. */
export class OutgoingFailed extends Error {
  override readonly name = 'OutgoingFailed'
  readonly code: OutgoingFailure

  constructor(code: OutgoingFailure, message: string, options: ErrorOptions = {}) {
    super(message, options)
    this.code = code
  }
}
