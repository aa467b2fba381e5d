import { emailDomain } from '../../person.ts'
import type { Rule } from '../access.ts'
import { isListed } from './listed.ts'

/** The domain of the address is listed; a subdomain is another domain. */
export const domains: Rule = ({ email }, { domains }) => {
  const domain = emailDomain(email)
  return domains && !(domain && isListed(domains, domain)) ? `domain ${domain} is not one of ${domains}` : undefined
}
