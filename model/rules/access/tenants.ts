import type { Rule } from '../access.ts'

/** The person's tenant is listed. */
export const tenants: Rule = ({ tenant }, { tenants }) =>
  tenants && !tenants.includes(tenant) ? `tenant ${tenant} is not one of ${tenants}` : undefined
