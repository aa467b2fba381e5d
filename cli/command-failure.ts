/** What a command ends with. Commander's own errors are wrong usage. */
export const EXIT = { done: 0, failed: 1, wrongUsage: 2 } as const

/** A command cannot do what it was asked; the message is all that a person sees. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: number

  constructor(message: string, exitCode: number = EXIT.failed, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
