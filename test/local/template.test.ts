import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readCloudAssembly, type SynthesizedStack, type TemplateResource } from '../../local/cloud-assembly.ts'
import { type Stack, UnsupportedError } from '../../local/stack.ts'
import { resolveTemplates } from '../../local/template.ts'
import { temporaryDirectory } from './hand-made.ts'

const SURROUNDINGS = { attributes: { 'AWS::Cognito::UserPool.ProviderURL': 'http://127.0.0.1:5555' } }

function synthesized(
  name: string,
  Resources: Record<string, TemplateResource>,
  outputs: Record<string, unknown> = {},
): SynthesizedStack {
  const Outputs = Object.fromEntries(Object.entries(outputs).map(([key, Value]) => [key, { Value }]))
  return { name, template: { Resources, Outputs }, assets: new Map() }
}

/** The value as a property of a log group, beside the resources it may refer to. */
function resolved(value: unknown, others: Record<string, TemplateResource> = {}): unknown {
  const probe = { Type: 'AWS::Logs::LogGroup', Properties: { probed: value } }
  const [stack] = resolveTemplates([synthesized('s', { Probe: probe, ...others })], SURROUNDINGS)
  return propertiesOf(stack, 'Probe').probed
}

function propertiesOf(stack: Stack | undefined, logicalId: string): Readonly<Record<string, unknown>> {
  return stack?.resources.find((each) => each.logicalId === logicalId)?.properties ?? {}
}

/** `${name}`, which means something to Fn::Sub and nothing here. */
const placeholder = (name: string) => `\${${name}}`

const TABLE = { Type: 'AWS::DynamoDB::GlobalTable', Properties: { TableName: 'given' } }
const POOL = { Type: 'AWS::Cognito::UserPool' }

test.each([
  ['Ref', { Ref: 'Table' }, 'given'],
  [
    'pseudo parameters',
    [{ Ref: 'AWS::Region' }, { Ref: 'AWS::Partition' }, { Ref: 'AWS::StackName' }],
    ['us-east-1', 'aws', 's'],
  ],
  ['AWS::NoValue', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
  ['Fn::GetAtt', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:aws:dynamodb:us-east-1:000000000000:table/given'],
  ['an attribute of what surrounds', { 'Fn::GetAtt': ['Pool', 'ProviderURL'] }, 'http://127.0.0.1:5555'],
  ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Table' }, 1]] }, 'a-given-1'],
  ['Fn::Split and Fn::Select', { 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  [
    'Fn::Sub',
    { 'Fn::Sub': ['Table', 'Table.Arn', 'AWS::AccountId', '!Kept'].map(placeholder).join('/') },
    `given/arn:aws:dynamodb:us-east-1:000000000000:table/given/000000000000/${placeholder('Kept')}`,
  ],
  ['Fn::Sub with variables', { 'Fn::Sub': [placeholder('X'), { X: { Ref: 'Table' } }] }, 'given'],
  ['an object whose one key only looks like a name', { Reference: 'Table' }, { Reference: 'Table' }],
])('resolves %s', (_name, value, expected) => {
  expect(resolved(value, { Table: TABLE, Pool: POOL })).toEqual(expected)
})

test.each([
  ['an intrinsic function', { 'Fn::ImportValue': 'x' }, 'Fn::ImportValue'],
  ['an attribute', { 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'attribute StreamArn of AWS::DynamoDB::GlobalTable'],
  ['a reference to nothing', { Ref: 'Nothing' }, 'Nothing'],
  ['a dynamic reference', '{{resolve:secretsmanager:x:SecretString:y}}', '{{resolve:secretsmanager:x'],
  ['an index that is not there', { 'Fn::Select': ['5', ['a']] }, 'Fn::Select'],
  [
    'an output of a stack that is not here',
    { 'Fn::GetStackOutput': { StackName: 'other', OutputName: 'o' } },
    'stack other',
  ],
])('%s it does not stand for stops the start, by name', (_name, value, named) => {
  expect(() => resolved(value, { Table: TABLE })).toThrow(UnsupportedError)
  expect(() => resolved(value, { Table: TABLE })).toThrow(named)
})

test('a resource type it does not know stops the start, by name', () => {
  const stack = synthesized('s', { Queue: { Type: 'AWS::SQS::Queue' } })
  expect(() => resolveTemplates([stack], SURROUNDINGS)).toThrow('s/Queue: resource type AWS::SQS::Queue')
})

test('a condition stops the start, unless nothing has to stand for the resource', () => {
  const conditional = (Type: string) => synthesized('s', { It: { Type, Condition: 'If' } })
  expect(() => resolveTemplates([conditional('AWS::Logs::LogGroup')], SURROUNDINGS)).toThrow('Condition If')
  expect(resolveTemplates([conditional('AWS::CDK::Metadata')], SURROUNDINGS)).toHaveLength(1)
})

test('what nothing stands for is not looked into: a provider holds a dynamic reference', () => {
  const provider = {
    Type: 'AWS::Cognito::UserPoolIdentityProvider',
    Properties: { ProviderName: 'Google', ProviderDetails: { client_secret: '{{resolve:secretsmanager:x}}' } },
  }
  expect(resolved({ Ref: 'Provider' }, { Provider: provider })).toBe('Google')
})

test('outputs are read across stacks, whichever comes first', () => {
  const reader = {
    Type: 'AWS::Logs::LogGroup',
    Properties: { probed: { 'Fn::GetStackOutput': { StackName: 'a', OutputName: 'TableName' } } },
  }
  const a = synthesized('a', { Table: TABLE }, { TableName: { Ref: 'Table' } })
  const [b] = resolveTemplates([synthesized('b', { Reader: reader }), a], SURROUNDINGS)
  expect(propertiesOf(b, 'Reader')).toEqual({ probed: 'given' })
})

test('a circle is named', () => {
  const table = (other: string) => ({ Type: 'AWS::DynamoDB::GlobalTable', Properties: { TableName: { Ref: other } } })
  const stack = synthesized('s', { A: table('B'), B: table('A') })
  expect(() => resolveTemplates([stack], SURROUNDINGS)).toThrow('circular dependency through Ref')
})

test('generated names are the same at every start, and differ between stacks', () => {
  const resources = { Table: { Type: 'AWS::DynamoDB::GlobalTable' } }
  const nameIn = (stack: string) =>
    resolveTemplates([synthesized(stack, resources)], SURROUNDINGS)[0]?.resources[0]?.physicalId
  expect(nameIn('a')).toBe(nameIn('a'))
  expect(nameIn('a')).toMatch(/^a-Table-[0-9a-z]{12}$/)
  expect(nameIn('b')).not.toBe(nameIn('a'))
})

test('resources come after what they depend on, by reference or DependsOn', () => {
  const [stack] = resolveTemplates(
    [
      synthesized('s', {
        Last: { Type: 'Custom::McpServer', Properties: { ServiceToken: { Ref: 'Middle' } } },
        Middle: { Type: 'AWS::Logs::LogGroup', DependsOn: ['First'] },
        First: TABLE,
      }),
    ],
    SURROUNDINGS,
  )
  expect(stack?.resources.map(({ logicalId }) => logicalId)).toEqual(['First', 'Middle', 'Last'])
})

test('PLATFORM 23: the assembly gives stacks in order and code by its object key', () => {
  const directory = temporaryDirectory()
  const write = (file: string, content: unknown) => writeFileSync(join(directory, file), JSON.stringify(content))
  mkdirSync(join(directory, 'asset.x'))
  const stack = (templateFile: string, stackName: string, ...dependencies: string[]) => ({
    type: 'aws:cloudformation:stack',
    properties: { templateFile, stackName },
    dependencies,
  })
  write('manifest.json', {
    artifacts: {
      Second: stack('b.json', 'second', 'First', 'Assets'),
      First: stack('a.json', 'first'),
      Assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
      Tree: { type: 'cdk:tree' },
    },
  })
  write('a.json', { Resources: {} })
  write('b.json', { Resources: {} })
  write('assets.json', { files: { x: { source: { path: 'asset.x' }, destinations: { d: { objectKey: 'x.zip' } } } } })
  const stacks = readCloudAssembly(directory)
  expect(stacks.map(({ name }) => name)).toEqual(['first', 'second'])
  expect(stacks[1]?.assets.get('x.zip')).toBe(join(directory, 'asset.x'))

  write('manifest.json', { artifacts: { Nested: { type: 'cdk:cloud-assembly' } } })
  expect(() => readCloudAssembly(directory)).toThrow('type cdk:cloud-assembly')
})
