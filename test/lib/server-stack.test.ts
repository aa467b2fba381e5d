import { describe, expect, it } from 'vitest'
import { SkillsetError } from '../../model/skillset-declaration.ts'
import {
  DOMAIN,
  NO_DOMAIN,
  ONE_ORIGIN,
  SKILLSETS,
  sampleConfig,
  sampleFactory,
  serverTemplate,
  skillsetsWith,
} from './sample-factory.ts'
import {
  functionOf,
  type Json,
  joined,
  only,
  resourcesOfType,
  serverTable,
  type TemplateJson,
} from './template-json.ts'

const template = serverTemplate('devops')
const local = serverTemplate('devops', { context: ONE_ORIGIN })

/** The method at a path, by its HTTP method. */
function method(
  path: 'mcp' | 'health' | 'oauth-protected-resource',
  httpMethod: string,
  of: TemplateJson = template,
): Json {
  const [resourceId] = resourcesOfType(of, 'AWS::ApiGateway::Resource').find(
    ([, { Properties }]) => Properties.PathPart === path,
  ) ?? ['']
  return resourcesOfType(of, 'AWS::ApiGateway::Method').find(
    ([, { Properties }]) => Properties.HttpMethod === httpMethod && Properties.ResourceId.Ref === resourceId,
  )?.[1].Properties
}

describe('the authorizer', () => {
  const authorizer = only(template, 'AWS::ApiGateway::Authorizer').Properties

  it('is asked at every request: nothing is cached (PLATFORM 4)', () => {
    expect(authorizer).toMatchObject({ Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 })
  })

  it('is asked without a token too: there is no identity source (PLATFORM 23c)', () => {
    expect(authorizer).not.toHaveProperty('IdentitySource')
  })

  it('RS-03: accepts one audience, a constant of its deployment', () => {
    const [, { Properties }] = functionOf(local, 'devops-authorizer')
    expect(Properties.Environment.Variables).toMatchObject({
      AUDIENCE: 'http://localhost:4100/devops/mcp',
      SERVER_NAME: 'devops',
      METADATA_URL: 'http://localhost:4100/devops/.well-known/oauth-protected-resource',
    })
    expect(Properties.Timeout).toBeLessThan(10)
  })
})

describe('/mcp', () => {
  it('POST streams from the skillset behind the authorizer (PLATFORM 5)', () => {
    const { AuthorizationType, AuthorizerId, Integration } = method('mcp', 'POST')
    expect(AuthorizationType).toBe('CUSTOM')
    expect(AuthorizerId.Ref).toBeDefined()
    expect(Integration).toMatchObject({ Type: 'AWS_PROXY', ResponseTransferMode: 'STREAM' })
    expect(joined(Integration.Uri)).toMatch(/response-streaming-invocations$/)
    const [, { Properties }] = functionOf(template, 'devops')
    expect(Integration.TimeoutInMillis).toBe(Properties.Timeout * 1000)
  })

  it.each(['GET', 'DELETE'])('RS-08: %s is 405, and 401 first: it stands behind the authorizer', (httpMethod) => {
    const { AuthorizationType, AuthorizerId, Integration } = method('mcp', httpMethod)
    expect(AuthorizationType).toBe('CUSTOM')
    expect(AuthorizerId.Ref).toBeDefined()
    expect(Integration.Type).toBe('MOCK')
    expect(Integration.RequestTemplates['application/json']).toBe('{"statusCode":405}')
    expect(Integration.IntegrationResponses[0].ResponseParameters['method.response.header.Allow']).toBe(
      "'POST, OPTIONS'",
    )
  })

  it.each(['mcp', 'oauth-protected-resource'] as const)('CL-05: a preflight of %s needs no token', (path) => {
    const { AuthorizationType, Integration } = method(path, 'OPTIONS')
    expect(AuthorizationType).toBe('NONE')
    expect(Integration.IntegrationResponses[0].ResponseParameters).toMatchObject({
      'method.response.header.Access-Control-Allow-Origin': "'*'",
      'method.response.header.Access-Control-Allow-Headers': "'Authorization, *'",
    })
  })
})

it('/health streams from the same function, to anybody', () => {
  const { AuthorizationType, Integration } = method('health', 'GET')
  expect(AuthorizationType).toBe('NONE')
  expect(Integration.Uri).toEqual(method('mcp', 'POST').Integration.Uri)
})

describe('protected-resource metadata', () => {
  const body = (of: TemplateJson) =>
    joined(
      method('oauth-protected-resource', 'GET', of).Integration.IntegrationResponses[0].ResponseTemplates[
        'application/json'
      ],
    )

  it('RS-01: names the exact resource and the authorization server, everyday scopes alone', () => {
    expect(JSON.parse(body(local))).toEqual({
      resource: 'http://localhost:4100/devops/mcp',
      authorization_servers: ['<Issuer>'],
      scopes_supported: ['health:read'],
      bearer_methods_supported: ['header'],
      resource_name: 'DevOps',
    })
    expect(method('oauth-protected-resource', 'GET').AuthorizationType).toBe('NONE')
  })

  it('names the stage where there is no domain (PLATFORM 6)', () => {
    expect(JSON.parse(body(template)).resource).toMatch(
      /^https:\/\/<.*>\.execute-api\.<AWS::Region>\.<AWS::URLSuffix>\/v1\/mcp$/,
    )
    const noDomain = serverTemplate('devops', { context: NO_DOMAIN })
    expect(JSON.parse(body(noDomain)).resource).toBe('http://localhost:4103/v1/mcp')
  })

  it.each(['$input', 'Reports #1'])('stops synth where %j would be live template language (PLATFORM 9)', (title) => {
    const skillsets = { ...SKILLSETS, devops: { ...SKILLSETS.devops, title } }
    expect(() => sampleFactory({ skillsets })).toThrow(SkillsetError)
  })

  it('no MOCK body has template language', () => {
    for (const server of ['productivity', 'devops'])
      for (const [, { Properties }] of resourcesOfType(serverTemplate(server), 'AWS::ApiGateway::Method'))
        for (const { ResponseTemplates } of Properties.Integration.IntegrationResponses ?? [])
          expect(joined(ResponseTemplates['application/json'])).not.toMatch(/[$#]/)
  })
})

describe('what is deployed', () => {
  const deployment = (of: TemplateJson) => resourcesOfType(of, 'AWS::ApiGateway::Deployment')[0]?.[0]

  it('changes with an everyday scope, which challenge and metadata carry', () => {
    const ability = { name: 'x', title: 'X', scope: 'x:use', level: 'everyday' } as const
    expect(deployment(serverTemplate('productivity', { skillsets: skillsetsWith(ability) }))).not.toBe(
      deployment(serverTemplate('productivity')),
    )
  })

  it('changes with the title, which the metadata alone carries', () => {
    const skillsets = { ...SKILLSETS, devops: { ...SKILLSETS.devops, title: 'Operations' } }
    expect(deployment(serverTemplate('devops', { skillsets }))).not.toBe(deployment(template))
  })

  it('is one stage with numbers for its throttle, an access log and no bodies in logs', () => {
    const stage = only(template, 'AWS::ApiGateway::Stage').Properties
    expect(stage.StageName).toBe('v1')
    expect(stage.AccessLogSetting.DestinationArn).toBeDefined()
    expect(stage.AccessLogSetting.Format).not.toMatch(/querystring|authorizer\.(email|name)|header/i)
    expect(stage.MethodSettings).toEqual([
      expect.objectContaining({
        ResourcePath: '/*',
        HttpMethod: '*',
        ThrottlingRateLimit: 100,
        ThrottlingBurstLimit: 200,
        DataTraceEnabled: false,
      }),
      expect.objectContaining({
        ResourcePath: '/~1health',
        HttpMethod: 'GET',
        ThrottlingRateLimit: 5,
        ThrottlingBurstLimit: 10,
      }),
    ])
  })

  it('is reached by the domain alone where there is one, at its name (PLATFORM 6)', () => {
    const withDomain = serverTemplate('devops', { config: sampleConfig({ domain: DOMAIN }) })
    expect(only(withDomain, 'AWS::ApiGateway::RestApi').Properties).toMatchObject({
      DisableExecuteApiEndpoint: true,
      EndpointConfiguration: { Types: ['REGIONAL'] },
    })
    expect(only(withDomain, 'AWS::ApiGatewayV2::ApiMapping').Properties).toMatchObject({
      DomainName: 'mcp.example.com',
      ApiMappingKey: 'devops',
    })
    expect(only(template, 'AWS::ApiGateway::RestApi').Properties.DisableExecuteApiEndpoint).toBe(false)
    expect(resourcesOfType(template, 'AWS::ApiGatewayV2::ApiMapping')).toEqual([])
  })

  it('registers last, so that what is registered can be called', () => {
    const { DependsOn, Properties } = only(template, 'Custom::McpServer')
    expect(DependsOn).toContain(resourcesOfType(template, 'AWS::ApiGateway::Stage')[0]?.[0])
    expect(JSON.parse(joined(Properties.Registration))).toMatchObject({
      name: 'devops',
      abilities: { check_service_health: 'health:read', trigger_deployment: 'deploy:run' },
      privileged: { people: ['bob@example.com'] },
    })
  })

  it('has a table of its own, retained, where its abilities need one', () => {
    expect(serverTable(template, 'Data')).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
    const skillsets = { ...SKILLSETS, devops: { ...SKILLSETS.devops, needs: [] } }
    const bare = serverTemplate('devops', { skillsets })
    expect(serverTable(bare, 'Data')).toBeUndefined()
    expect(functionOf(bare, 'devops')[1].Properties.Environment.Variables).not.toHaveProperty('TABLE_NAME')
  })

  it('has a key and a table of its own for conversations with clients, which go with it', () => {
    expect(serverTable(template, 'Conversation')).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } },
    })
    expect(only(template, 'AWS::SecretsManager::Secret')).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { GenerateSecretString: { PasswordLength: 64 } },
    })
  })

  it('gives a secret as its ARN, which no template holds the value of', () => {
    const [, { Properties }] = functionOf(serverTemplate('productivity'), 'productivity')
    expect(joined(Properties.Environment.Variables.SECRET_GOOGLE_SERVICE_ACCOUNT)).toBe(
      'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:prod-mcp/productivity/google-service-account',
    )
  })
})
