/** The identity provider, or a check of its answer, said no: the person starts again. */
export class UpstreamRefused extends Error {
  override readonly name = 'UpstreamRefused'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The identity provider, or the secret with our credentials there, does not answer: worth trying again. */
export class UpstreamUnavailable extends Error {
  override readonly name = 'UpstreamUnavailable'
}
