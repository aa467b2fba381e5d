import type { AuthorizationServer } from '../authorization-server.ts'
import { readClientCredentials } from '../clients/client-authentication.ts'
import { readForm } from '../http/body.ts'
import { OAuthError } from '../http/errors.ts'
import type { Request } from '../http/request.ts'
import { json, type Response } from '../http/response.ts'
import { redeemCode } from './redeem-code.ts'
import { refresh } from './refresh.ts'

/** The token endpoint (OAuth 2.1 §3.2): one file per grant. */
export async function token(server: AuthorizationServer, request: Request): Promise<Response> {
  const form = readForm(request)
  const [repeated] = form.repeated
  if (repeated === 'resource') throw new OAuthError('invalid_target', 'A token is for one resource: name one')
  if (repeated !== undefined) throw new OAuthError('invalid_request', 'A parameter is given more than once')
  const credentials = readClientCredentials(request.header('authorization'), form)
  const { requestId } = request
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return json(200, await redeemCode(server, form, credentials, requestId), { Pragma: 'no-cache' })
    case 'refresh_token':
      return json(200, await refresh(server, form, credentials, requestId), { Pragma: 'no-cache' })
    case undefined:
      throw new OAuthError('invalid_request', 'grant_type is missing')
    default:
      throw new OAuthError('unsupported_grant_type', 'grant_type must be authorization_code or refresh_token')
  }
}
