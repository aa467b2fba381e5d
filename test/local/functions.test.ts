import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assertApiGatewayMayLog } from '../../local/api-gateway-account.ts'
import type { SynthesizedStack } from '../../local/cloud-assembly.ts'
import { rolesOf } from '../../local/iam.ts'
import { defineFunctions } from '../../local/lambda.ts'
import { SecretStore } from '../../local/secret-store.ts'
import { provideCredentials, upstreamEnvironments } from '../../local/upstream.ts'
import { resource, stackOf, temporaryDirectory } from './hand-made.ts'

const LOG = 'arn:aws:logs:us-east-1:000000000000:log-group:own:*'

function role(service: string, actions: string[], managed: string[] = []) {
  return resource('AWS::IAM::Role', 'Role', 'role', {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
    },
    Policies: [
      {
        PolicyName: 'own',
        PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: LOG }] },
      },
    ],
    ManagedPolicyArns: managed,
  })
}

function functionWith(properties: object) {
  return resource('AWS::Lambda::Function', 'Function', 'function', {
    Code: { S3Bucket: 'bucket', S3Key: 'code.zip' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: 'arn:aws:iam::000000000000:role/role',
    LoggingConfig: { LogGroup: 'own' },
    ...properties,
  })
}

function define(lambdaRole: ReturnType<typeof role>, properties: object = {}) {
  const stack = stackOf(lambdaRole, functionWith(properties))
  const synthesized: SynthesizedStack = {
    name: stack.name,
    template: { Resources: {} },
    assets: new Map([['code.zip', '/bundle']]),
  }
  return defineFunctions([stack], [synthesized], rolesOf([stack]))
}

const BOTH = ['logs:CreateLogStream', 'logs:PutLogEvents']

test('a function has its code, its limits and a key pair of its own', () => {
  const { settings, callers } = define(role('lambda.amazonaws.com', BOTH), { MemorySize: 256, Timeout: 20 })
  expect(settings).toMatchObject([{ code: '/bundle', memory: 256, timeout: 20_000, log: 'test-stack-Function.log' }])
  const caller = callers.get(settings[0]?.credentials.accessKeyId ?? '')
  expect(caller?.principal.arn).toBe('arn:aws:sts::000000000000:assumed-role/role/function')
})

test('a function has layers where its template names some', () => {
  const layers = (properties: object) => define(role('lambda.amazonaws.com', BOTH), properties).settings[0]?.hasLayers
  expect(layers({ Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:one:1'] })).toBe(true)
  expect(layers({})).toBe(false)
})

test.each(BOTH)('without %s its log stays empty', (action) => {
  const rest = BOTH.filter((each) => each !== action)
  expect(define(role('lambda.amazonaws.com', rest)).settings).toMatchObject([{ log: undefined }])
})

test.each([
  ['a role that Lambda may not assume', role('ec2.amazonaws.com', BOTH), {}, 'cannot be assumed by Lambda'],
  ['a runtime it has not', role('lambda.amazonaws.com', BOTH), { Runtime: 'nodejs20.x' }, 'Runtime'],
  ['a property it does not know', role('lambda.amazonaws.com', BOTH), { FileSystemConfigs: [] }, 'FileSystemConfigs'],
  ['code that is not there', role('lambda.amazonaws.com', BOTH), { Code: { S3Bucket: 'b', S3Key: 'x' } }, 'no asset x'],
])('%s stops the start, by name', (_what, lambdaRole, properties, named) => {
  expect(() => define(lambdaRole, properties)).toThrow(named)
})

test("API Gateway writes logs only by a role that it may assume and that has AWS's policy for it", () => {
  const account = resource('AWS::ApiGateway::Account', 'Account', 'account', {
    CloudWatchRoleArn: 'arn:aws:iam::000000000000:role/role',
  })
  const policy = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs'
  const check = (apiGatewayRole: ReturnType<typeof role>) => {
    const stacks = [stackOf(account, apiGatewayRole)]
    assertApiGatewayMayLog(stacks, rolesOf(stacks))
  }
  check(role('apigateway.amazonaws.com', BOTH, [policy]))
  expect(() => check(role('lambda.amazonaws.com', BOTH, [policy]))).toThrow('required permissions')
  expect(() => check(role('apigateway.amazonaws.com', BOTH))).toThrow('required permissions')
})

test('the credentials of a direct connection exist before the first start, and stay', () => {
  const path = join(temporaryDirectory(), 'secrets.json')
  const variables = {
    UPSTREAM_ISSUER: 'https://accounts.google.com',
    UPSTREAM_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:prod-mcp/connection/google',
    UPSTREAM_SECRET_VERSION: 'v1',
  }
  const stacks = [stackOf(functionWith({ Environment: { Variables: variables } }))]
  expect(upstreamEnvironments(stacks)).toEqual([variables])
  const made = provideCredentials(stacks, new SecretStore(path), undefined)
  expect(made?.secret).toMatch(/^[\w-]{32}$/)
  expect(provideCredentials(stacks, new SecretStore(path), undefined)).toEqual(made)

  const own = { id: 'own', secret: 'given' }
  expect(provideCredentials(stacks, new SecretStore(path), own)).toEqual(own)
  const store = new SecretStore(path)
  expect(store.get(variables.UPSTREAM_SECRET_ARN).versions).toMatchObject([
    { id: 'v1', value: JSON.stringify({ clientId: 'own', clientSecret: 'given' }) },
  ])

  const behindCognito = [stackOf(functionWith({ Environment: { Variables: { UPSTREAM_ISSUER: 'x' } } }))]
  expect(provideCredentials(behindCognito, store, undefined)).toBeUndefined()
})
