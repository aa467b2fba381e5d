/** Whose grant an error is about, and which rule made it, for the audit. */
export interface ErrorSubject {
  readonly sub?: string | undefined
  readonly email?: string | undefined
  readonly tenant?: string | undefined
  readonly client?: string | undefined
  readonly grant?: string | undefined
  readonly server?: string | undefined
  readonly rule?: string | undefined
}

interface ErrorAnswer extends ErrorOptions {
  /** 400 where none is said. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly about?: ErrorSubject
}

/** A request that is answered with an error; the message is for whoever sent it and says nothing that is secret. */
class RequestError extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly about: ErrorSubject

  constructor(message: string, answer: ErrorAnswer) {
    super(message, answer)
    this.status = answer.status ?? 400
    this.headers = answer.headers ?? {}
    this.about = answer.about ?? {}
  }
}

/** An error as OAuth writes it: JSON with `error` and `error_description` (RFC 6749 §5.2, RFC 7591 §3.2.2). */
export class OAuthError extends RequestError {
  override readonly name = 'OAuthError'
  readonly code: string

  /**
   * @param code a registered error code
   * @param description for the client's developer
   */
  constructor(code: string, description: string, answer: ErrorAnswer = {}) {
    super(description, answer)
    this.code = code
  }
}

/** An error that a person reads in a browser. */
export class PageError extends RequestError {
  override readonly name = 'PageError'
  readonly title: string

  /** @param message plain text, for the person */
  constructor(title: string, message: string, answer: ErrorAnswer = {}) {
    super(message, answer)
    this.title = title
  }
}
