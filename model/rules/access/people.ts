import type { Rule } from '../access.ts'
import { isListed } from './listed.ts'

/** The person is listed by address. */
export const people: Rule = ({ email }, { people }) =>
  people && !isListed(people, email) ? `${email} is not listed` : undefined
