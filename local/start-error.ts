/** The factory cannot start, for a reason that whoever started it can mend: shown without a stack trace. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
