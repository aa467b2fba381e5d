/** One required claim. `claim` may be a dotted path; a claim whose own name holds dots or slashes is tried first. */
export interface ClaimRule {
  readonly claim: string
  readonly equals?: string | number | boolean | undefined
  readonly oneOf?: readonly (string | number | boolean)[] | undefined
  /** The claim is an array (or a space-separated string) that has this member. */
  readonly contains?: string | undefined
  /** A regular expression over the whole value. */
  readonly matches?: string | undefined
}

/** The claim at a dotted path, own properties only. */
export function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]
  let value: unknown = claims
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

/** Characters of a claim that a pattern is tried on: what is longer does not match. */
const LONGEST_MATCHED = 256

/** Whether the claims satisfy one rule. A rule without a test is never satisfied: fail closed. */
export function satisfies(claims: Readonly<Record<string, unknown>>, rule: ClaimRule): boolean {
  const value = claimAt(claims, rule.claim)
  const tests: boolean[] = []
  if (rule.equals !== undefined) tests.push(value === rule.equals)
  if (rule.oneOf !== undefined) tests.push(rule.oneOf.some((allowed) => allowed === value))
  if (rule.contains !== undefined) tests.push(members(value).includes(rule.contains))
  if (rule.matches !== undefined)
    tests.push(
      typeof value === 'string' &&
        value.length <= LONGEST_MATCHED &&
        new RegExp(`^(?:${rule.matches})$`, 'u').test(value),
    )
  return tests.length > 0 && tests.every(Boolean)
}

function members(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return typeof value === 'string' ? value.split(' ') : []
}
