import { PageError } from './errors.ts'
import type { Request } from './request.ts'

/**
 * A form of another site brings its own Origin; the CSRF token would refuse it, too.
 * @throws PageError
 */
export function refuseForeign(request: Request, issuer: string): void {
  const origin = request.header('origin')
  const site = request.header('sec-fetch-site')
  if ((origin !== undefined && origin !== new URL(issuer).origin) || (site !== undefined && site !== 'same-origin'))
    throw new PageError('This answer did not come from our page', 'Start again in the application.', { status: 403 })
}
