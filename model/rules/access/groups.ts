import type { Rule } from '../access.ts'
import { claimAt } from '../claims.ts'

/** The person is in one of the groups, as the claim `groups` has them. */
export const groups: Rule = ({ claims }, { groups }) => {
  const held = claimAt(claims, 'groups')
  return groups && !(Array.isArray(held) && groups.some((group) => held.includes(group)))
    ? `in none of the groups ${groups}`
    : undefined
}
