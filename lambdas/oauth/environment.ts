import * as z from 'zod/mini'
import { readVariables, type Variables } from '../shell/environment.ts'

const text = z.string().check(z.minLength(1))
/** An origin: no path, no trailing slash, because the issuer is compared byte for byte (AS-02). */
const origin = z.string().check(z.regex(/^https?:\/\/[^/?#@\s]+$/))

const environment = z.object({
  ISSUER: origin,
  TABLE_NAME: text,
  KEYS_SECRET_ARN: text,
  UPSTREAM_ISSUER: text,
  UPSTREAM_CLIENT_ID: z.optional(text),
  UPSTREAM_SECRET_ARN: z.optional(text),
  UPSTREAM_SECRET_VERSION: z.optional(text),
  UPSTREAM_IDENTITY_PROVIDER: z.optional(text),
  UPSTREAM_SCOPE: z.optional(text),
  CLIENT_ID_METADATA_DOCUMENTS: z.enum(['on', 'off']),
})

export interface Environment {
  readonly issuer: string
  readonly tableName: string
  readonly keysSecretArn: string
  readonly upstreamIssuer: string
  /** How we are known upstream: a public client of Cognito's, or credentials in a secret. */
  readonly upstreamClient:
    | { readonly clientId: string }
    | { readonly secretArn: string; readonly version: string | undefined }
  readonly identityProvider: string | undefined
  /** What is asked for upstream, space-separated, where not the usual. */
  readonly upstreamScope?: string | undefined
  /** Whether clients may be known by a metadata document: it takes connections to hosts that strangers name. */
  readonly metadataDocuments: boolean
}

/**
 * Parses the function's environment (docs/contracts.md, "Functions").
 * @throws Error naming what is wrong: the function does not start
 */
export function parseEnvironment(variables: Variables): Environment {
  const values = readVariables(environment, variables)
  const { UPSTREAM_CLIENT_ID: clientId, UPSTREAM_SECRET_ARN: secretArn, ...rest } = values
  if ((clientId === undefined) === (secretArn === undefined))
    throw new Error('environment variables: exactly one of UPSTREAM_CLIENT_ID, UPSTREAM_SECRET_ARN')
  return {
    issuer: rest.ISSUER,
    tableName: rest.TABLE_NAME,
    keysSecretArn: rest.KEYS_SECRET_ARN,
    upstreamIssuer: rest.UPSTREAM_ISSUER,
    upstreamClient:
      clientId !== undefined ? { clientId } : { secretArn: secretArn ?? '', version: rest.UPSTREAM_SECRET_VERSION },
    identityProvider: rest.UPSTREAM_IDENTITY_PROVIDER,
    upstreamScope: rest.UPSTREAM_SCOPE,
    metadataDocuments: rest.CLIENT_ID_METADATA_DOCUMENTS === 'on',
  }
}
