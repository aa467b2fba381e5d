import * as z from 'zod'
import { claimRule, domain, email } from './rules/rule-config.ts'
import { isSharedIssuer } from './shared-issuer.ts'

/** Credentials are a secret (`npm run factory -- secrets set …`); the config names the version to deploy (PLATFORM 15a). */
const connectionBase = {
  secretVersion: z.string().min(1).optional(),
  allowedDomains: z.array(domain).min(1),
  requiredClaims: z.array(claimRule).default([]),
  blocked: z.array(email).default([]),
}

const google = z.strictObject({
  provider: z.literal('google'),
  via: z.enum(['cognito', 'direct']).default('cognito'),
  /** The consent screen's user type is "Internal": Google admits nobody from outside the organisation. */
  internalApp: z.boolean().default(false),
  ...connectionBase,
})

const claimName = z.string().min(1).optional()

const oidc = z
  .strictObject({
    provider: z.literal('oidc'),
    via: z.enum(['cognito', 'direct']).default('direct'),
    issuer: z.url({ protocol: /^https$/, error: 'an https URL' }),
    /** The domains this issuer may assert. */
    asserts: z.array(domain).min(1).optional(),
    /** Entra ID: the domains each directory (`tid`) may assert. */
    directories: z.record(z.string(), z.array(domain).min(1)).optional(),
    /** How the provider names these claims, where not as OpenID Connect does; a path has dots. */
    claims: z
      .strictObject({ email: claimName, emailVerified: claimName, name: claimName, groups: claimName })
      .optional(),
    /** What is asked for beside `openid email profile`. */
    scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'a scope: printable, without spaces')).default([]),
    ...connectionBase,
  })
  .superRefine(({ asserts, directories, claims, scopes, issuer, via }, context) => {
    const refuse = (path: string, message: string, input: unknown) =>
      context.addIssue({ code: 'custom', path: [path], message, input })
    if ((asserts === undefined) === (directories === undefined))
      refuse('asserts', 'either asserts or directories: the domains this issuer may assert', asserts)
    if (isSharedIssuer(issuer) && directories === undefined)
      refuse('directories', 'the directories that count: this issuer stands for every one', directories)
    if (via === 'direct') return
    const unmapped = "nothing: Cognito maps email, email_verified, name and picture alone; via: 'direct' takes it"
    if (directories !== undefined) refuse('directories', unmapped, directories)
    if (claims !== undefined) refuse('claims', unmapped, claims)
    if (scopes.length > 0) refuse('scopes', unmapped, scopes)
  })

/** Who signs people in, and whom of them the organisation admits. */
export const connection = z.discriminatedUnion('provider', [google, oidc], { error: "provider 'google' or 'oidc'" })
export type ConnectionConfig = z.output<typeof connection>

/** Attributes that the user pool maps from the federated provider; a rule may look at no other claim. */
export function cognitoClaims({ provider }: ConnectionConfig): readonly string[] {
  return ['email', 'email_verified', 'name', ...(provider === 'google' ? ['hd'] : [])]
}
