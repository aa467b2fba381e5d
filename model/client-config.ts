import type { JSONWebKeySet } from 'jose'
import * as z from 'zod'
import { readKeySet } from './client-keys.ts'
import { publicUrl } from './public-url.ts'
import { isScopeToken } from './scopes.ts'

/** Those of clients that register themselves begin with `c-`; those with a metadata document are URLs. */
export const clientId = z
  .string()
  .regex(/^(?!c-)[a-z][a-z0-9-]{1,62}$/, 'a client id: 2 to 63 lower-case letters, digits and hyphens, not c-…')

/** What is wrong with it is not repeated: it may be a private key. */
const jwks = z.custom<{ readonly keys: readonly object[] }>().transform((given, context): JSONWebKeySet => {
  const keys = readKeySet(given)
  if (keys !== undefined) return keys
  const message = '{ keys: […] } with public keys alone: EC P-256, Ed25519, RSA from 2048 bits'
  context.issues.push({ code: 'custom', message, input: '(hidden)' })
  return z.NEVER
})

/** A client that the organisation registers itself. With none of secretHash, jwks and jwksUri it is public. */
export const clientConfig = z
  .strictObject({
    /** For the consent page. */
    name: z.string().min(1).max(80),
    redirectUris: z.array(z.string()).max(20).default([]),
    /** Of its secret (`npm run factory -- clients new-secret`); 256 random bits are not found from their hash. */
    secretHash: z
      .string()
      .regex(/^[A-Za-z0-9_-]{43}$/, 'a hash that npm run factory -- clients new-secret prints')
      .optional(),
    /** The keys that its assertions are signed with (`private_key_jwt`), or where they are. */
    jwks: jwks.optional(),
    jwksUri: z
      .string()
      .refine((value) => publicUrl(value) !== undefined, 'https://<host>/<path>, without port, user name or fragment')
      .optional(),
    /** The most that it may be given. Absent: whatever the person may have. */
    scopes: z.array(z.string().refine(isScopeToken, 'a scope (RFC 6749 §3.3)')).min(1).optional(),
    /** The servers whose access tokens it may introspect, as what stands behind them (RFC 7662). */
    introspects: z.array(z.string()).min(1).optional(),
  })
  .refine(
    ({ secretHash, jwks, jwksUri }) => [secretHash, jwks, jwksUri].filter((each) => each !== undefined).length <= 1,
    'one of secretHash, jwks and jwksUri at most: one way to authenticate',
  )
  .superRefine(({ redirectUris, introspects, secretHash, jwks, jwksUri }, context) => {
    const issue = (path: string, message: string, input: unknown) =>
      context.addIssue({ code: 'custom', path: [path], message, input })
    if (introspects === undefined && redirectUris.length === 0)
      issue('redirectUris', 'at least one redirect URI, or introspects', redirectUris)
    if (introspects !== undefined && (secretHash ?? jwks ?? jwksUri) === undefined)
      issue('introspects', 'nothing without secretHash, jwks or jwksUri', introspects)
  })
