import { ACCOUNT_USES } from './account.ts'
import { AUTHORIZATION_USES } from './authorization.ts'
import { DOCUMENT_USES } from './documents.ts'
import type { EndpointUse } from './endpoint-use.ts'
import { REGISTRATION_USES } from './registrations.ts'
import { TOKEN_USES } from './tokens.ts'

/** Every endpoint of the authorization server, but `/health`, which answers whatever is down. */
export const ENDPOINT_USES: readonly EndpointUse[] = [
  ...DOCUMENT_USES,
  ...AUTHORIZATION_USES,
  ...TOKEN_USES,
  ...REGISTRATION_USES,
  ...ACCOUNT_USES,
]
