import * as z from 'zod/mini'

/**
 * The documents that CDK writes into the factory table through the registrar and that the authorization server and the
 * gates read: `POLICY` from the AuthorizationStack, `SERVER#<name>` from that server's stack. zod/mini, because the
 * gate carries this file.
 */
const strings = z.array(z.string())

const scalar = z.union([z.string(), z.number(), z.boolean()])

const claimRule = z.strictObject({
  claim: z.string(),
  equals: z.optional(scalar),
  oneOf: z.optional(z.array(scalar)),
  contains: z.optional(z.string()),
  matches: z.optional(z.string()),
})

const accessRules = z.strictObject({
  domains: z.optional(strings),
  tenants: z.optional(strings),
  people: z.optional(strings),
  blocked: z.optional(strings),
  groups: z.optional(strings),
  claims: z.optional(z.array(claimRule)),
})

export const policyDocument = z.strictObject({
  organisation: z.string(),
  connection: z.strictObject({
    provider: z.enum(['google', 'oidc']),
    via: z.enum(['cognito', 'direct']),
    /** The real identity provider's issuer, also behind Cognito: one half of `sub`. */
    issuer: z.string(),
    internalApp: z.optional(z.boolean()),
    asserts: z.optional(strings),
    directories: z.optional(z.record(z.string(), strings)),
    /** How the provider names these claims, where not as OpenID Connect does. */
    claims: z.optional(
      z.strictObject({
        email: z.optional(z.string()),
        emailVerified: z.optional(z.string()),
        name: z.optional(z.string()),
        groups: z.optional(z.string()),
      }),
    ),
  }),
  /** Whom the organisation admits at all; each server may narrow it. */
  access: accessRules,
  tenants: z.record(z.string(), z.string()),
  /** Seconds. */
  lifetimes: z.strictObject({
    accessToken: z.number(),
    refreshIdle: z.number(),
    refreshAbsolute: z.number(),
    browserSession: z.number(),
  }),
  redirects: z.strictObject({
    /** Private-use schemes allowed beside the built-in ones (AS-05). */
    schemes: strings,
    /** Hosts that errors may be redirected to (AS-04), beside the built-in ones. */
    hosts: strings,
  }),
  defaultServer: z.optional(z.string()),
  /** Clients that the organisation registered itself, by client id. */
  clients: z.optional(
    z.record(
      z.string(),
      z.strictObject({
        name: z.string(),
        redirectUris: strings,
        /** SHA-256, base64url, of 256 random bits. */
        secretHash: z.optional(z.string()),
        jwks: z.optional(z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })),
        jwksUri: z.optional(z.string()),
        /** The most that it may be given. */
        scopes: z.optional(strings),
        /** The servers whose access tokens it may introspect. */
        introspects: z.optional(strings),
      }),
    ),
  ),
})
export type PolicyDocument = z.infer<typeof policyDocument>

export const serverDocument = z.strictObject({
  name: z.string(),
  title: z.string(),
  /** The exact audience of its tokens. */
  resource: z.string(),
  scopes: z.array(
    z.strictObject({
      name: z.string(),
      level: z.enum(['everyday', 'privileged']),
      abilities: strings,
      /** Who may hold it; absent: everybody an everyday scope, whom `privileged` admits a privileged one. */
      access: z.optional(accessRules),
    }),
  ),
  /** Which scope each ability (MCP tool) needs. */
  abilities: z.record(z.string(), z.string()),
  access: accessRules,
  /** Who may hold the privileged scopes that have no `access`; absent: nobody. */
  privileged: z.optional(accessRules),
})
export type ServerDocument = z.infer<typeof serverDocument>
