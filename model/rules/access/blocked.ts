import type { Rule } from '../access.ts'
import { isListed } from './listed.ts'

/** Refuses whoever is listed. */
export const blocked: Rule = ({ email }, { blocked }) =>
  blocked && isListed(blocked, email) ? `${email} is on the list of blocked people` : undefined
