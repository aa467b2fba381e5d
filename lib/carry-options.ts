/** Beyond this the options of a server leave no room for the rest of an environment; bytes. */
const MOST_IN_ENVIRONMENT = 1_500

const FILE = 'options.json'

/** How a function is told of its options. */
export interface CarriedOptions {
  readonly environment: Readonly<Record<string, string>>
  /** Put beside its bundle, by name. */
  readonly files: Readonly<Record<string, string>>
}

/** Options travel in the environment while they are small, else as a file of the function. */
export function carryOptions(options: unknown): CarriedOptions {
  const text = JSON.stringify(options)
  return Buffer.byteLength(text) <= MOST_IN_ENVIRONMENT
    ? { environment: { OPTIONS: text }, files: {} }
    : { environment: { OPTIONS_FILE: FILE }, files: { [FILE]: text } }
}
