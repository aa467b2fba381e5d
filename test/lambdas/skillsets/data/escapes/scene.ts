/** The tenant whose person tries to escape. */
export const TENANT = 'example'
/** The tenant whose rows nobody else may see. */
export const OTHER_TENANT = 'partner'

/**
 * What the attempts are made against: a table `orders` (id integer, item text, amount decimal(12,2), tenant text) with these
 * rows, and a table `customers` (id integer, name text, tenant text).
 */
export const ORDERS = [
  { id: 1, item: 'spade', amount: '12.50', tenant: TENANT },
  { id: 2, item: 'rake', amount: '8.25', tenant: TENANT },
  { id: 3, item: 'PARTNER-SECRET', amount: '99.99', tenant: OTHER_TENANT },
] as const
export const CUSTOMERS = [
  { id: 1, name: 'Ada', tenant: TENANT },
  { id: 2, name: 'PARTNER-SECRET', tenant: OTHER_TENANT },
] as const

/** Nothing that comes back may contain these. */
export const PARTNER_SECRET = 'PARTNER-SECRET'
export const FILE_SECRET = 'FILE-SECRET'
/** The value of the environment variable ESCAPE_SECRET of the process that tries. */
export const ENVIRONMENT_SECRET = 'ENVIRONMENT-SECRET'
