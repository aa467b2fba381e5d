/** Why a service is not healthy; stable, for machines. */
export const FAULTS = [
  /** Not done in the time that the config gives it. */
  'timeout',
  /** Its host's name leads nowhere. */
  'dns_failed',
  'connect_failed',
  /** No TLS, or a certificate that is expired, for another host or not trusted. */
  'tls_invalid',
  /** What came was no HTTP, or ended too early. */
  'invalid_response',
  'unexpected_status',
  'unexpected_body',
] as const

export type Fault = (typeof FAULTS)[number]

/** A service is not healthy. The message is for people and has no address and nothing of the answer's body. */
export class ProbeFault extends Error {
  override readonly name = 'ProbeFault'
  readonly fault: Fault

  constructor(fault: Fault, message: string) {
    super(message)
    this.fault = fault
  }
}

/** The system's code of an error: its message may have addresses. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no code'
}
