import { describe, expect, it } from 'vitest'
import { SkillsetError } from '../../model/skillset-declaration.ts'
import { SKILLSETS, sampleConfig, sampleFactory, sampleTemplates, skillsetsWith } from './sample-factory.ts'
import { functionOf, joined, resourcesOfType, serverTable, strings, type TemplateJson } from './template-json.ts'

const AUTHORIZATION = 'prod-mcp-authorization'
const PRODUCTIVITY = 'prod-mcp-server-productivity'
const DEVOPS = 'prod-mcp-server-devops'

const templates = sampleTemplates()

describe('where stacks meet', () => {
  it('there are four outputs, each with the key that others read it by, and one for the command line', () => {
    expect(Object.keys(templates[AUTHORIZATION]?.Outputs ?? {})).toEqual([
      'Issuer',
      'TableName',
      'TableArn',
      'RegistrarArn',
      'KeysSecretArn',
    ])
  })

  it('server stacks read those four, by Fn::GetStackOutput, and nothing is imported or exported', () => {
    const read = new Set<string>()
    for (const [name, template] of Object.entries(templates))
      for (const [path, value] of strings(template)) {
        expect(path).not.toMatch(/Fn::ImportValue|\/Export\//)
        const output = /Fn::GetStackOutput\/(StackName|OutputName)$/.exec(path)?.[1]
        if (output === undefined) continue
        expect(name).not.toBe(AUTHORIZATION)
        if (output === 'StackName') expect(value).toBe(AUTHORIZATION)
        else read.add(value)
      }
    expect([...read].sort()).toEqual(['Issuer', 'RegistrarArn', 'TableArn', 'TableName'])
  })

  it('server stacks are deployed after the AuthorizationStack', () => {
    const { authorization, servers } = sampleFactory()
    for (const stack of Object.values(servers)) expect(stack.dependencies).toEqual([authorization])
  })
})

describe('what changes', () => {
  const { productivity, devops } = sampleConfig().servers
  const withServers = (servers: object) =>
    sampleTemplates({ config: { ...sampleConfig(), servers: servers as ReturnType<typeof sampleConfig>['servers'] } })

  it('the first server changes no other template', () => {
    expect(withServers({ productivity })[AUTHORIZATION]).toEqual(withServers({})[AUTHORIZATION])
  })

  it('a further server changes no other template', () => {
    const before = withServers({ productivity })
    const after = withServers({ productivity, devops })
    expect(Object.keys(after)).toContain(DEVOPS)
    expect(after).toMatchObject(before)
    for (const [name, template] of Object.entries(before)) expect(after[name]).toEqual(template)
  })

  it('an ability with a new scope changes the challenge, metadata, registration and role of its own stack alone', () => {
    const after = sampleTemplates({
      skillsets: skillsetsWith({ name: 'cancel', title: 'Cancel', scope: 'calendar:cancel', level: 'everyday' }),
    })
    for (const name of [AUTHORIZATION, DEVOPS]) expect(after[name]).toEqual(templates[name])
    const changed = strings(after[PRODUCTIVITY]).filter(([, value]) => value.includes('calendar:cancel'))
    expect(changed.map(([path]) => path.split('/')[2]?.replace(/[0-9A-F]{8}$/, ''))).toEqual([
      'ApiwellknownoauthprotectedresourceGET',
      'ApiUnauthorized',
      'Registration',
    ])
  })

  it('a server that loses its table need keeps the table itself (retained)', () => {
    expect(serverTable(templates[DEVOPS] as TemplateJson, 'Data')?.DeletionPolicy).toBe('Retain')
  })
})

describe('two stages in one account', () => {
  /** Names that a person gave: those that CloudFormation makes from the stack's name, or from another id, differ anyway. */
  function physicalNames(stage: string): string[] {
    return Object.entries(sampleTemplates({ config: sampleConfig({ stage }) })).flatMap(([stack, template]) => [
      stack,
      ...Object.values(template.Resources).flatMap(({ Type, Properties }) =>
        Object.entries(Properties ?? {})
          .filter(([key]) => /^(?:.+Name|Name|Domain)$/.test(key) && !NOT_OF_THE_ACCOUNT.includes(`${Type}.${key}`))
          .filter(([, value]) => !/<\w+>/.test(joined(value)))
          .map(([key, value]) => `${Type}.${key}=${joined(value)}`),
      ),
    ])
  }

  /** Unique within their own parent alone. */
  const NOT_OF_THE_ACCOUNT = [
    'AWS::ApiGateway::Authorizer.Name',
    'AWS::ApiGateway::Stage.StageName',
    'AWS::ApiGatewayV2::Stage.StageName',
    'AWS::Cognito::UserPoolIdentityProvider.ProviderName',
    'AWS::IAM::Policy.PolicyName',
    'AWS::Lambda::Permission.FunctionName',
  ]

  it('share no physical name, and each begins with its stage', () => {
    const prod = physicalNames('prod')
    const dev = physicalNames('dev')
    expect(prod.filter((name) => dev.includes(name))).toEqual([])
    expect(prod).toContain('AWS::Lambda::Function.FunctionName=prod-mcp-registrar')
    // Cognito's prefix is known to the provider's console: the stage is its end.
    for (const name of prod.filter((each) => !each.startsWith('AWS::Cognito::UserPoolDomain.')))
      expect(name.slice(name.indexOf('=') + 1)).toMatch(/^prod-/)
  })
})

describe('secrets', () => {
  it('no template holds one: only random placeholders and references', () => {
    for (const template of Object.values(templates)) {
      for (const [, { Properties }] of resourcesOfType(template, 'AWS::SecretsManager::Secret'))
        expect(Properties).not.toHaveProperty('SecretString')
      for (const [path, value] of strings(template))
        if (/(?:secret|password)$/i.test(path)) expect(value, path).toMatch(/^\{\{resolve:secretsmanager:/)
    }
  })

  it('there is one ApiGateway Account in all stacks', () => {
    const accounts = Object.values(templates).flatMap((template) =>
      resourcesOfType(template, 'AWS::ApiGateway::Account'),
    )
    expect(accounts).toHaveLength(1)
  })
})

describe('functions', () => {
  it('run nodejs24.x on arm64, as ES modules, traced, with logs that end', () => {
    for (const template of Object.values(templates)) {
      for (const [, { Properties }] of resourcesOfType(template, 'AWS::Lambda::Function'))
        expect(Properties).toMatchObject({
          Runtime: 'nodejs24.x',
          Architectures: ['arm64'],
          Handler: 'index.handler',
          TracingConfig: { Mode: 'Active' },
          LoggingConfig: { LogGroup: { Ref: expect.any(String) } },
        })
      for (const [, { Properties }] of resourcesOfType(template, 'AWS::Logs::LogGroup'))
        expect(Properties.RetentionInDays).toBe(90)
    }
    expect(functionOf(templates[DEVOPS] as TemplateJson, 'devops')[1].Properties.Environment.Variables.OPTIONS).toBe(
      '{"services":[]}',
    )
  })
})

describe('declarations that disagree stop synth', () => {
  it('two servers with one scope', () => {
    const skillsets = { ...SKILLSETS, devops: { ...SKILLSETS.devops, abilities: SKILLSETS.productivity.abilities } }
    expect(() => sampleFactory({ skillsets })).toThrow(SkillsetError)
  })

  it('a skillset that is not there, or has another name', () => {
    expect(() => sampleFactory({ skillsets: { productivity: SKILLSETS.productivity } })).toThrow(/no skillset devops/)
    const skillsets = { ...SKILLSETS, devops: { ...SKILLSETS.devops, name: 'ops' } }
    expect(() => sampleFactory({ skillsets })).toThrow(/declares ops; allowed: devops/)
  })

  it.each([
    ['arch', 'mips', /context arch: found "mips"; allowed: one of arm64,x86_64/],
    ['tracing', 'maybe', /context tracing: found "maybe"; allowed: one of on, off/],
  ])('a wrong context value %s', (key, value, message) => {
    expect(() => sampleFactory({ context: { [key]: value } })).toThrow(message)
  })
})
