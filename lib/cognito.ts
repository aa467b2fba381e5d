import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib'
import {
  AccountRecovery,
  CfnUserPoolIdentityProvider,
  ClientAttributes,
  FeaturePlan,
  ManagedLoginVersion,
  OAuthScope,
  StringAttribute,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito'
import { Construct } from 'constructs'
import type { FactoryConfig } from '../model/factory-config.ts'
import { physicalName } from '../model/names.ts'
import { type ImportedSecret, secretField } from './imported-secret.ts'

export interface CognitoProps {
  readonly stage: string
  readonly connection: FactoryConfig['connection']
  /** Of the sign-in domain; with the stage appended it is part of the redirect URI in the provider's console. */
  readonly signInPrefix: string
  readonly credentials: ImportedSecret
  readonly secretVersion: string
  /** The one redirect URI: the authorization server's. */
  readonly callbackUrl: string
  /** The one page to come back to after signing out. */
  readonly signedOutUrl: string
}

/**
 * A user pool that only passes people on to the federated provider: nobody signs up or has a password here, and the one
 * client is public, with the code flow alone. CDK's defaults would add the implicit flow, a foreign callback, the pool's
 * own users and the admin scope (PLATFORM 14, 15).
 */
export class Cognito extends Construct {
  /** The pool's issuer. */
  readonly issuer: string
  readonly clientId: string
  /** The pool's name of the federated provider. */
  readonly identityProvider: string

  constructor(scope: Construct, id: string, props: CognitoProps) {
    super(scope, id)
    const pool = this.userPool(props.stage)
    Validations.of(pool).acknowledge(
      {
        id: 'AwsSolutions-COG2',
        reason: 'The pool has no users with a password here: a second factor is the federated provider’s to ask for',
      },
      {
        id: 'AwsSolutions-COG8',
        reason:
          'Threat protection of the plus plan looks at sign-ins with a password of the pool’s own, of which there are none',
      },
    )
    const provider = this.federatedProvider(pool, props)
    const client = this.client(pool, provider, props)
    pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: `${props.signInPrefix}-${props.stage}` },
      managedLoginVersion: ManagedLoginVersion.CLASSIC_HOSTED_UI,
    })
    this.issuer = pool.userPoolProviderUrl
    this.clientId = client.userPoolClientId
    this.identityProvider = provider.providerName
  }

  private userPool(stage: string): UserPool {
    return new UserPool(this, 'UserPool', {
      userPoolName: physicalName(stage, 'people'),
      selfSignUpEnabled: false,
      // Everyone is known by the federated provider's name for them; an alias would only add rules about addresses.
      signInAliases: { username: true },
      signInCaseSensitive: false,
      accountRecovery: AccountRecovery.NONE,
      // Federation is part of every plan.
      featurePlan: FeaturePlan.LITE,
      // Federated attributes are written again at each sign-in: immutable ones would fail the second.
      standardAttributes: {
        // Not required here: the authorization server says more clearly what is wrong without it.
        email: { required: false, mutable: true },
        fullname: { required: false, mutable: true },
        profilePicture: { required: false, mutable: true },
      },
      customAttributes: { hd: new StringAttribute({ mutable: true, maxLen: 253 }) },
      passwordPolicy: {
        minLength: 32,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(1),
      },
      // Holds nothing that a sign-in does not bring again: people are known by the provider's own identifier.
      removalPolicy: RemovalPolicy.DESTROY,
    })
  }

  private federatedProvider(pool: UserPool, props: CognitoProps): CfnUserPoolIdentityProvider {
    const { connection, credentials, secretVersion } = props
    const details = {
      client_id: secretField(credentials, 'clientId', secretVersion),
      client_secret: secretField(credentials, 'clientSecret', secretVersion),
      authorize_scopes: 'openid email profile',
    }
    const attributes = { email: 'email', email_verified: 'email_verified', name: 'name', picture: 'picture' }
    const [name, ownDetails, ownAttributes] =
      connection.provider === 'google'
        ? ['Google', {}, { 'custom:hd': 'hd' }]
        : ['OIDC', { oidc_issuer: connection.issuer, attributes_request_method: 'GET' }, { username: 'sub' }]
    // Not CDK's own constructs: the one for OpenID Connect takes the secret as text only (PLATFORM 15a).
    return new CfnUserPoolIdentityProvider(this, 'Provider', {
      userPoolId: pool.userPoolId,
      providerName: name,
      providerType: name,
      providerDetails: { ...details, ...ownDetails },
      attributeMapping: { ...attributes, ...ownAttributes },
    })
  }

  private client(pool: UserPool, provider: CfnUserPoolIdentityProvider, props: CognitoProps): UserPoolClient {
    const federated = { email: true, fullname: true, profilePicture: true }
    const client = pool.addClient('Client', {
      // Public, with PKCE: a secret could be read by a custom resource only (PLATFORM 15a).
      generateSecret: false,
      authFlows: { userPassword: false, userSrp: false },
      oAuth: {
        flows: { authorizationCodeGrant: true, implicitCodeGrant: false, clientCredentials: false },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
        callbackUrls: [props.callbackUrl],
        logoutUrls: [props.signedOutUrl],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.custom(provider.providerName)],
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      // The tokens are read once, at the callback: the shortest lives there are.
      idTokenValidity: Duration.minutes(5),
      accessTokenValidity: Duration.minutes(5),
      refreshTokenValidity: Duration.hours(1),
      readAttributes: new ClientAttributes()
        .withStandardAttributes({ ...federated, emailVerified: true })
        .withCustomAttributes('hd'),
      // A mapped attribute must be writable by the client, or federation fails.
      writeAttributes: new ClientAttributes().withStandardAttributes(federated).withCustomAttributes('hd'),
    })
    client.node.addDependency(provider)
    return client
  }
}
