import type { Rule } from '../access.ts'
import { satisfies } from '../claims.ts'

/** Every required claim is satisfied. */
export const claims: Rule = (person, { claims }) => {
  const failed = claims?.find((rule) => !satisfies(person.claims, rule))
  return failed && `claim ${failed.claim} does not satisfy ${JSON.stringify(failed)}`
}
