import * as z from 'zod/mini'
import { LOOPBACK_HOSTS } from '../../../model/loopback-hosts.ts'
import { TENANT_PLACEHOLDER, tenantIssuer } from '../../../model/shared-issuer.ts'
import { askProvider } from './ask-provider.ts'
import { UpstreamUnavailable } from './upstream-errors.ts'

/** What of an identity provider's metadata a sign-in needs (OpenID Connect Discovery §3, RFC 9207 §3). */
const providerMetadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  userinfo_endpoint: z.optional(z.string()),
  token_endpoint_auth_methods_supported: z.optional(z.array(z.string())),
  authorization_response_iss_parameter_supported: z.optional(z.boolean()),
})
export type Provider = z.infer<typeof providerMetadata>

/**
 * Reads a provider's metadata, which must be its own (OpenID Connect Discovery §4.3). Entra's shared issuers stand for
 * every directory: theirs has a placeholder for the directory's id.
 * @throws UpstreamUnavailable
 */
export async function discoverProvider(issuer: string): Promise<Provider> {
  const { status, json } = await askProvider(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  if (status !== 200) throw new UpstreamUnavailable(`the identity provider’s metadata cannot be read: status ${status}`)
  const provider = providerMetadata.safeParse(json)
  if (!provider.success) {
    const names = provider.error.issues.map(({ path }) => path.join('.'))
    throw new UpstreamUnavailable(`the identity provider’s metadata is missing or has malformed ${names.join(', ')}`)
  }
  const expected = [issuer, tenantIssuer(issuer, TENANT_PLACEHOLDER)]
  if (!expected.includes(provider.data.issuer))
    throw new UpstreamUnavailable(`the metadata at ${issuer} are those of ${provider.data.issuer}`)
  const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint = issuer } = provider.data
  const readable = [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint].find(
    (url) => !isProtected(url, issuer),
  )
  if (readable !== undefined) throw new UpstreamUnavailable(`the identity provider’s endpoint ${readable} is not https`)
  return provider.data
}

/** Whether what is sent there cannot be read on the way: https, or plain http of a provider on this very machine. */
export function isProtected(url: string, issuer: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return (
    protocol === 'https:' || (issuer.startsWith('http:') && protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname))
  )
}
