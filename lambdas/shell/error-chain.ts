/** Causes of causes that are told. */
const LONGEST_CHAIN = 5

/** An error and what caused it, for the log, without the stacks: `name: message` of each. */
export function errorChain(error: unknown): string[] {
  const chain: string[] = []
  let at = error
  while (at !== undefined && chain.length < LONGEST_CHAIN) {
    chain.push(at instanceof Error ? `${at.name}: ${at.message}` : String(at))
    at = at instanceof Error ? at.cause : undefined
  }
  return chain
}
