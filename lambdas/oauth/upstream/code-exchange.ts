import * as z from 'zod/mini'
import { askProvider } from './ask-provider.ts'
import type { Provider } from './provider.ts'
import { UpstreamRefused, UpstreamUnavailable } from './upstream-errors.ts'

/** How we are known at the identity provider; without a secret we are a public client. */
export interface UpstreamCredentials {
  readonly clientId: string
  readonly clientSecret?: string | undefined
}

const tokenResponse = z.object({
  access_token: z.string(),
  token_type: z.string().check(z.regex(/^bearer$/i)),
  id_token: z.string(),
})
export type UpstreamTokens = z.infer<typeof tokenResponse>

const errorResponse = z.object({ error: z.string() })

/**
 * The code of the provider's answer to an authorization request (RFC 6749 §4.1.2, RFC 9207 §2.4). Its state has been
 * matched before.
 * @param query of the callback, as it was sent
 * @throws UpstreamRefused where it is another provider's, an error, or holds no code
 */
export function codeOf(query: string, provider: Provider): string {
  const answer = new URLSearchParams(query)
  const names = [...answer.keys()]
  if (new Set(names).size < names.length) throw malformed('a parameter is there more than once')
  const iss = answer.get('iss')
  const named = iss !== null || provider.authorization_response_iss_parameter_supported === true
  if (named && iss !== provider.issuer) throw malformed('another issuer answered')
  const error = answer.get('error')
  if (error !== null) throw new UpstreamRefused(error, 'the identity provider answered with an error')
  const code = answer.get('code')
  if (code === null || code === '') throw malformed('it holds no code')
  return code
}

/**
 * Exchanges the code (OpenID Connect Core §3.1.3, RFC 7636 §4.5).
 * @throws UpstreamRefused where the provider says no
 * @throws UpstreamUnavailable
 */
export async function exchangeCode(
  provider: Provider,
  credentials: UpstreamCredentials,
  grant: { readonly code: string; readonly redirectUri: string; readonly codeVerifier: string },
): Promise<UpstreamTokens> {
  const { headers, fields } = authentication(provider.token_endpoint_auth_methods_supported, credentials)
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: grant.code,
    redirect_uri: grant.redirectUri,
    code_verifier: grant.codeVerifier,
    ...fields,
  })
  const { status, json } = await askProvider(provider.token_endpoint, { method: 'POST', headers, body })
  const said = errorResponse.safeParse(json).data?.error
  if (said !== undefined && status >= 400 && status < 500 && status !== 429)
    throw new UpstreamRefused(said, 'the identity provider refused the code')
  if (status !== 200) throw new UpstreamUnavailable(`the identity provider’s token endpoint answered ${status}`)
  const tokens = tokenResponse.safeParse(json)
  if (!tokens.success) throw malformed('it holds no ID token')
  return tokens.data
}

/**
 * What the provider's userinfo endpoint says of the person (OpenID Connect Core §5.3).
 * @throws UpstreamRefused where it speaks of somebody else
 * @throws UpstreamUnavailable
 */
export async function readUserinfo(
  endpoint: string,
  accessToken: string,
  sub: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { status, json } = await askProvider(endpoint, { headers: { Authorization: `Bearer ${accessToken}` } })
  const claims = z.record(z.string(), z.unknown()).safeParse(json).data
  if (status !== 200 || claims === undefined)
    throw new UpstreamUnavailable(`the identity provider’s userinfo endpoint answered ${status}, or no JSON`)
  // §5.3.2: whoever could swap the access token would otherwise swap the person.
  if (claims.sub !== sub) throw malformed('userinfo speaks of somebody else')
  return claims
}

/** RFC 6749 §2.3.1. RFC 8414 §2: where the provider names no methods, `client_secret_basic`. */
function authentication(methods: readonly string[] | undefined, { clientId, clientSecret }: UpstreamCredentials) {
  if (clientSecret === undefined) return { headers: {}, fields: { client_id: clientId } }
  if (methods !== undefined && !methods.includes('client_secret_basic'))
    return { headers: {}, fields: { client_id: clientId, client_secret: clientSecret } }
  const pair = [clientId, clientSecret].map((part) => new URLSearchParams({ '': part }).toString().slice(1)).join(':')
  return { headers: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, fields: {} }
}

function malformed(why: string): UpstreamRefused {
  return new UpstreamRefused('invalid_response', `the identity provider’s answer failed a check: ${why}`)
}
