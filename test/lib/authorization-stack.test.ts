import { describe, expect, it } from 'vitest'
import type { FactoryConfigInput } from '../../model/factory-config.ts'
import { authorizationTemplate, DOMAIN, ONE_ORIGIN, sampleConfig, sampleFactory } from './sample-factory.ts'
import { functionOf, joined, only, resourcesOfType } from './template-json.ts'

const template = authorizationTemplate()

const OIDC = {
  provider: 'oidc',
  issuer: 'https://login.example.com',
  asserts: ['example.com'],
  allowedDomains: ['example.com'],
  secretVersion: 'version-2',
} as const satisfies FactoryConfigInput['connection']

describe('sign-in through Cognito (PLATFORM 14, 15)', () => {
  const client = only(template, 'AWS::Cognito::UserPoolClient').Properties

  it('has one public client with the code flow alone', () => {
    expect(client).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email', 'profile'],
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    })
  })

  it('redirects to the one callback of the authorization server', () => {
    expect(client.CallbackURLs.map(joined)).toEqual([
      'https://<HttpApi9292168F>.execute-api.<AWS::Region>.<AWS::URLSuffix>/callback',
    ])
    expect(client.LogoutURLs.map(joined)).toEqual([
      'https://<HttpApi9292168F>.execute-api.<AWS::Region>.<AWS::URLSuffix>/account',
    ])
    const local = only(authorizationTemplate({ context: ONE_ORIGIN }), 'AWS::Cognito::UserPoolClient').Properties
    expect(local.CallbackURLs).toEqual(['http://localhost:4100/callback'])
    expect(local.LogoutURLs, 'where Cognito sends people who signed out').toEqual(['http://localhost:4100/account'])
  })

  it('lets in the federated provider alone; nobody signs up', () => {
    expect(client.SupportedIdentityProviders).toEqual(['Google'])
    expect(only(template, 'AWS::Cognito::UserPool').Properties.AdminCreateUserConfig).toEqual({
      AllowAdminCreateUserOnly: true,
    })
  })

  it('maps what the rules look at, and lets the client write each of it', () => {
    const { AttributeMapping } = only(template, 'AWS::Cognito::UserPoolIdentityProvider').Properties
    expect(AttributeMapping).toEqual({
      email: 'email',
      email_verified: 'email_verified',
      name: 'name',
      picture: 'picture',
      'custom:hd': 'hd',
    })
    expect(client.ReadAttributes).toEqual(expect.arrayContaining(Object.keys(AttributeMapping)))
    expect(client.WriteAttributes).toEqual(['custom:hd', 'email', 'name', 'picture'])
  })

  it('takes credentials by name, field and version (PLATFORM 15a)', () => {
    expect(only(template, 'AWS::Cognito::UserPoolIdentityProvider').Properties.ProviderDetails).toMatchObject({
      client_id: '{{resolve:secretsmanager:prod-mcp/connection/google:SecretString:clientId::version-1}}',
      client_secret: '{{resolve:secretsmanager:prod-mcp/connection/google:SecretString:clientSecret::version-1}}',
    })
  })

  it('has the static prefix with the stage', () => {
    expect(only(template, 'AWS::Cognito::UserPoolDomain').Properties.Domain).toBe('example-mcp-prod')
  })

  it('federates to any OpenID provider in the same way', () => {
    const oidc = authorizationTemplate({ config: sampleConfig({ connection: { ...OIDC, via: 'cognito' } }) })
    expect(only(oidc, 'AWS::Cognito::UserPoolIdentityProvider').Properties).toMatchObject({
      ProviderType: 'OIDC',
      ProviderDetails: {
        oidc_issuer: 'https://login.example.com',
        client_secret: '{{resolve:secretsmanager:prod-mcp/connection/oidc:SecretString:clientSecret::version-2}}',
      },
    })
    expect(only(oidc, 'AWS::Cognito::UserPoolClient').Properties.SupportedIdentityProviders).toEqual(['OIDC'])
  })
})

describe('sign-in directly at the provider', () => {
  const direct = authorizationTemplate({ config: sampleConfig({ connection: OIDC }) })

  it('needs no Cognito', () => {
    expect(Object.values(direct.Resources).filter(({ Type }) => Type.startsWith('AWS::Cognito::'))).toEqual([])
  })

  it('gives the function the issuer and where the credentials are, not what they are', () => {
    const { Variables } = functionOf(direct, 'oauth')[1].Properties.Environment
    expect(Variables).toMatchObject({
      UPSTREAM_ISSUER: 'https://login.example.com',
      UPSTREAM_SECRET_VERSION: 'version-2',
    })
    expect(joined(Variables.UPSTREAM_SECRET_ARN)).toMatch(/:secret:prod-mcp\/connection\/oidc$/)
    expect(Variables).not.toHaveProperty('UPSTREAM_CLIENT_ID')
    expect(Variables).not.toHaveProperty('UPSTREAM_IDENTITY_PROVIDER')
    expect(Variables).not.toHaveProperty('UPSTREAM_SCOPE')
  })

  it('tells it what to ask for beside the usual', () => {
    const config = sampleConfig({ connection: { ...OIDC, via: 'direct', scopes: ['groups'] } })
    const { Variables } = functionOf(authorizationTemplate({ config }), 'oauth')[1].Properties.Environment
    expect(Variables.UPSTREAM_SCOPE).toBe('openid email profile groups')
  })
})

describe('credentials that were not stored yet', () => {
  const warnings = (context: Record<string, unknown>) => {
    const { secretVersion: _, ...connection } = { ...OIDC, provider: 'oidc' as const }
    const { authorization } = sampleFactory({ config: sampleConfig({ connection }), context })
    return authorization.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data))
  }

  it('are a warning that says what to do', () => {
    expect(warnings({}).join()).toMatch(/deploying this fails.*npm run factory -- secrets set oidc/)
  })

  it('are none on one machine', () => expect(warnings(ONE_ORIGIN)).toEqual([]))
})

describe('what must not be lost', () => {
  it('the table: retained, protected, recoverable, on demand, with TTL', () => {
    const table = only(template, 'AWS::DynamoDB::GlobalTable')
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
    expect(table.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      Replicas: [
        {
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
      ],
    })
  })

  it('the keys: retained, made and rotated by the rotation function once its role is complete', () => {
    const secret = only(template, 'AWS::SecretsManager::Secret')
    expect(secret).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
    const schedule = only(template, 'AWS::SecretsManager::RotationSchedule')
    expect(schedule.Properties).toMatchObject({
      RotateImmediatelyOnUpdate: true,
      RotationRules: { AutomaticallyAfterDays: 30 },
    })
    const [rotation, { Properties }] = functionOf(template, 'key-rotation')
    expect(schedule.DependsOn).toContain(rotation)
    for (const [policy, { Properties: of }] of resourcesOfType(template, 'AWS::IAM::Policy'))
      if (of.Roles[0].Ref === Properties.Role['Fn::GetAtt'][0]) expect(schedule.DependsOn).toContain(policy)
  })

  it("API Gateway's right to log: one Account in all stacks, retained (PLATFORM 23c)", () => {
    expect(only(template, 'AWS::ApiGateway::Account')).toMatchObject({ DeletionPolicy: 'Retain' })
  })
})

describe('the HTTP API', () => {
  const stage = only(template, 'AWS::ApiGatewayV2::Stage')

  it('is throttled, registration more than the rest, once its route exists (PLATFORM 8)', () => {
    expect(stage.Properties).toMatchObject({
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
      RouteSettings: { 'POST /register': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 20 } },
    })
    const [registration] = resourcesOfType(template, 'AWS::ApiGatewayV2::Route').find(
      ([, { Properties }]) => Properties.RouteKey === 'POST /register',
    ) ?? ['']
    expect(stage.DependsOn).toContain(registration)
  })

  it('logs requests without their query, where codes and states travel', () => {
    expect(stage.Properties.AccessLogSettings.Format).not.toMatch(/query|header|cookie/i)
  })

  it('waits longer than its function runs', () => {
    const { TimeoutInMillis, PayloadFormatVersion } = only(template, 'AWS::ApiGatewayV2::Integration').Properties
    expect(PayloadFormatVersion).toBe('2.0')
    expect(functionOf(template, 'oauth')[1].Properties.Timeout * 1000).toBeLessThan(TimeoutInMillis)
  })

  it('is reached by its domain alone where there is one', () => {
    const withDomain = authorizationTemplate({ config: sampleConfig({ domain: DOMAIN }) })
    expect(only(withDomain, 'AWS::ApiGatewayV2::Api').Properties.DisableExecuteApiEndpoint).toBe(true)
    expect(only(withDomain, 'AWS::ApiGatewayV2::DomainName').Properties.DomainName).toBe('mcp.example.com')
    expect(only(withDomain, 'AWS::ApiGatewayV2::ApiMapping').Properties).not.toHaveProperty('ApiMappingKey')
    expect(only(template, 'AWS::ApiGatewayV2::Api').Properties.DisableExecuteApiEndpoint).toBe(false)
  })
})

describe('the registrar', () => {
  it('has a fixed name: a ServiceToken cannot change (PLATFORM 23d)', () => {
    const [, { Properties }] = functionOf(template, 'registrar')
    expect(Properties.FunctionName).toBe('prod-mcp-registrar')
    expect(Properties.Environment.Variables.AUTHORIZATION_STACK).toBe('prod-mcp-authorization')
  })

  it('writes the policy once its role is complete', () => {
    const { Properties, DependsOn } = only(template, 'Custom::McpPolicy')
    expect(JSON.parse(Properties.Policy).access.domains).toEqual(['example.com', 'partner.test'])
    expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^RegistrarRoleDefaultPolicy/)]))
  })
})
