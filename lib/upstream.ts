import { Annotations } from 'aws-cdk-lib'
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { ConfigError } from '../model/config-error.ts'
import { ENDPOINTS } from '../model/endpoints.ts'
import type { FactoryConfig } from '../model/factory-config.ts'
import { connectionSecretName } from '../model/names.ts'
import { Cognito } from './cognito.ts'
import { importSecret, readImportedSecret } from './imported-secret.ts'
import { identityProviderIssuer } from './policy-document.ts'

/** Stands for no version yet: what a new user's config begins with. One machine needs none. */
const NO_VERSION = 'not-set'

export interface UpstreamProps {
  readonly config: FactoryConfig
  /** The authorization server's own. */
  readonly issuer: string
  readonly local: boolean
}

/** What the OAuth function needs to send people to sign in. */
export interface Upstream {
  readonly environment: Readonly<Record<string, string>>
  readonly statements: readonly PolicyStatement[]
}

/** The shared connection: through a user pool of Cognito, or directly to the identity provider. */
export function connectUpstream(scope: Construct, { config, issuer, local }: UpstreamProps): Upstream {
  const { connection, signInPrefix, stage } = config
  const credentials = importSecret(scope, connectionSecretName(stage, connection.provider))
  const secretVersion = connection.secretVersion ?? NO_VERSION
  if (!local && secretVersion === NO_VERSION)
    Annotations.of(scope).addWarningV2(
      'mcp-factory:secretVersion',
      `connection.secretVersion is not set: deploying this fails. Store the credentials first (npm run factory -- secrets set ${connection.provider}) and put the version it prints into factory.config.ts.`,
    )
  if (connection.via === 'direct')
    return {
      environment: {
        UPSTREAM_ISSUER: identityProviderIssuer(connection),
        UPSTREAM_SECRET_ARN: credentials.arn,
        UPSTREAM_SECRET_VERSION: secretVersion,
        ...(connection.provider === 'oidc' &&
          connection.scopes.length > 0 && {
            UPSTREAM_SCOPE: ['openid email profile', ...connection.scopes].join(' '),
          }),
      },
      statements: [readImportedSecret('ReadConnection', credentials)],
    }
  if (signInPrefix === undefined) throw new ConfigError(['signInPrefix: found nothing; allowed: a prefix'])
  const cognito = new Cognito(scope, 'Cognito', {
    stage,
    connection,
    signInPrefix,
    credentials,
    secretVersion,
    callbackUrl: `${issuer}${ENDPOINTS.callback}`,
    signedOutUrl: `${issuer}${ENDPOINTS.account}`,
  })
  return {
    environment: {
      UPSTREAM_ISSUER: cognito.issuer,
      UPSTREAM_CLIENT_ID: cognito.clientId,
      UPSTREAM_IDENTITY_PROVIDER: cognito.identityProvider,
    },
    statements: [],
  }
}
