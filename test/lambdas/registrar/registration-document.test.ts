import { describe, expect, it } from 'vitest'
import { AUTHORIZATION_STACK, POLICY, serverDocument, stackId } from './cloudformation.ts'
import { serverItem, startRegistrar } from './registrar.ts'

describe('what is wrong is answered, with a reason', () => {
  it.each<[string, unknown, RegExp]>([
    ['no document', undefined, /^the property Registration is missing$/],
    ['no JSON', '{', /^the property Registration is not JSON$/],
    ['another shape', '{}', /^missing, malformed or unknown: Registration\.name, /],
    ['a document with more', { ...serverDocument('devops'), owner: 'me' }, /unknown: Registration$/],
    ['a reserved name', serverDocument('token'), /cannot be a name$/],
    ['a name with a slash', serverDocument('a/b'), /cannot be a name$/],
    ['a name that would be another key', serverDocument('x#SERVER'), /cannot be a name$/],
    ['plain http', serverDocument('devops', { resource: 'http://mcp.example.com/mcp' }), /not https$/],
    ['a URL in another spelling', serverDocument('devops', { resource: 'https://A.test/mcp' }), /normal form$/],
    ['a URL with a fragment', serverDocument('devops', { resource: 'https://a.test/mcp#x' }), /normal form$/],
    ['a URL with userinfo', serverDocument('devops', { resource: 'https://u:p@a.test/mcp' }), /normal form$/],
    ['a URL with a query', serverDocument('devops', { resource: 'https://a.test/mcp?x=1' }), /has a query$/],
    ['an undeclared scope', serverDocument('devops', { abilities: { read: 'other:read' } }), /not declared$/],
    [
      'a scope that would end a challenge',
      serverDocument('devops', { scopes: [{ name: 'a"b', level: 'everyday', abilities: [] }], abilities: {} }),
      /not a scope token$/,
    ],
    [
      'a scope twice',
      serverDocument('devops', {
        scopes: [
          { name: 'devops:read', level: 'everyday', abilities: [] },
          { name: 'devops:read', level: 'privileged', abilities: [] },
        ],
      }),
      /declared twice$/,
    ],
    [
      'a rule that is no regular expression',
      serverDocument('devops', { access: { claims: [{ claim: 'hd', matches: '(' }] } }),
      /^Registration\.access\.claims\.0\.matches is not a pattern that can be used$/,
    ],
    [
      'such a rule for privileged scopes',
      serverDocument('devops', { privileged: { claims: [{ claim: 'hd', matches: '[' }] } }),
      /^Registration\.privileged\.claims\.0\.matches/,
    ],
    [
      'such a rule for one scope',
      serverDocument('devops', {
        scopes: [
          {
            name: 'devops:read',
            level: 'everyday',
            abilities: [],
            access: { claims: [{ claim: 'hd', matches: '[' }] },
          },
        ],
      }),
      /^Registration\.scopes\.0\.access\.claims\.0\.matches/,
    ],
  ])('%s', async (_, document, reason) => {
    await using factory = await startRegistrar()
    const Registration = typeof document === 'object' ? JSON.stringify(document) : document
    const answer = await factory.ask({ RequestType: 'Create', ResourceProperties: { Registration } })
    expect(answer.Status).toBe('FAILED')
    expect(answer.Reason).toMatch(reason)
    expect(answer.PhysicalResourceId).toBe('refused/request-1')
    expect(await factory.remove(answer.PhysicalResourceId)).toMatchObject({ Status: 'SUCCESS' })
  })

  it.each<[string, object, RegExp]>([
    [
      'a lifetime that is none',
      { lifetimes: { ...POLICY.lifetimes, accessToken: 0 } },
      /accessToken is not a number of/,
    ],
    [
      'a rule that takes exponential time',
      { access: { claims: [{ claim: 'hd', matches: '(a+)+' }] } },
      /^Policy\.access\.claims\.0/,
    ],
    ['a rule that is none', { access: { claims: [{ claim: 'hd', matches: '(' }] } }, /^Policy\.access\.claims\.0/],
    ['another shape', { tenants: [] }, /Policy\.tenants$/],
  ])('a policy with %s', async (_, changes, reason) => {
    await using factory = await startRegistrar()
    const answer = await factory.ask({
      RequestType: 'Create',
      ResourceType: 'Custom::McpPolicy',
      StackId: stackId(AUTHORIZATION_STACK),
      ResourceProperties: { Policy: JSON.stringify({ ...POLICY, ...changes }) },
    })
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'policy' })
    expect(answer.Reason).toMatch(reason)
  })

  it.each<[string, Record<string, unknown>]>([
    ['a StackId that is no stack', { StackId: 'prod-mcp-server-devops' }],
    ['a StackId of another service', { StackId: 'arn:aws:s3:eu-west-1:123456789012:stack/devops/1' }],
    ['another resource type', { ResourceType: 'Custom::McpPolicyAndServer' }],
    ['an unknown request type', { RequestType: 'Replace' }],
    ['no properties', { ResourceProperties: undefined }],
  ])('%s', async (_, changes) => {
    await using factory = await startRegistrar()
    const answer = await factory.ask({
      RequestType: 'Create',
      ResourceProperties: { Registration: JSON.stringify(serverDocument('devops')) },
      ...changes,
    })
    expect(answer.Status).toBe('FAILED')
    expect(await serverItem(factory.table, 'devops')).toBeUndefined()
  })

  it.each([
    '',
    'server/',
    'server/a/b',
    'server/SERVERS',
    'SERVER#devops',
    'policy/x',
    'refused/x',
    'devops',
  ])('a Delete of %j deletes nothing and succeeds', async (physicalId) => {
    await using factory = await startRegistrar()
    await factory.create(serverDocument('devops'))
    expect(await factory.remove(physicalId)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: physicalId })
    expect(await serverItem(factory.table, 'devops')).toBeDefined()
  })

  it('a table that does not answer: what went wrong is in the log alone', async () => {
    await using factory = await startRegistrar()
    await factory.table[Symbol.asyncDispose]()
    const answer = await factory.create(serverDocument('devops'))
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'server/devops' })
    expect(answer.Reason).toBe('internal error; request request-1 in the log')
    expect(JSON.stringify(factory.logged)).toContain('registration failed')
  })
})
