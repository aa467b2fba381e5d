import { describe, expect, test } from 'vitest'
import { accessDenied, rolesOf } from '../../local/iam.ts'
import { UnsupportedError } from '../../local/stack.ts'
import { principalWith, resource, stackOf } from './hand-made.ts'

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/t'
const allow = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: TABLE }

describe('a role decides', () => {
  test('nothing is allowed that no statement allows', () => {
    expect(principalWith().decide('dynamodb:GetItem', TABLE)).toBe('not allowed')
    expect(principalWith(allow).decide('dynamodb:PutItem', TABLE)).toBe('not allowed')
    expect(principalWith(allow).decide('dynamodb:GetItem', `${TABLE}2`)).toBe('not allowed')
    expect(principalWith(allow).decide('dynamodb:GetItem', TABLE)).toBe('allowed')
  })

  test('an explicit deny wins', () => {
    const deny = { Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' }
    expect(principalWith(allow, deny).decide('dynamodb:GetItem', TABLE)).toBe('denied')
  })

  test('actions ignore case, resources do not; ? is one character, * any number, a dot a dot', () => {
    const role = principalWith({ Effect: 'Allow', Action: 'DynamoDB:get*', Resource: 'arn:a.b-??' })
    expect(role.decide('dynamodb:GetItem', 'arn:a.b-xy')).toBe('allowed')
    expect(role.decide('dynamodb:GetItem', 'arn:a.b-xyz')).toBe('not allowed')
    expect(role.decide('dynamodb:GetItem', 'ARN:a.b-xy')).toBe('not allowed')
    expect(role.decide('dynamodb:GetItem', 'arn:aXb-xy')).toBe('not allowed')
  })

  test.each([
    ['ForAllValues:StringEquals', ['KEYS'], 'allowed'],
    ['ForAllValues:StringEquals', ['KEYS', 'POLICY'], 'not allowed'],
    ['ForAllValues:StringEquals', undefined, 'allowed'],
    ['ForAnyValue:StringEquals', ['KEYS', 'POLICY'], 'allowed'],
    ['ForAnyValue:StringEquals', undefined, 'not allowed'],
    ['StringEquals', undefined, 'not allowed'],
    ['StringEqualsIfExists', undefined, 'allowed'],
    ['StringNotEquals', ['KEYS'], 'not allowed'],
    ['StringLike', ['KEYSX'], 'not allowed'],
  ])('condition %s over %j: %s', (operator, values, decision) => {
    const role = principalWith({ ...allow, Condition: { [operator]: { 'dynamodb:LeadingKeys': ['KEYS'] } } })
    expect(role.decide('dynamodb:GetItem', TABLE, values && { 'dynamodb:LeadingKeys': values })).toBe(decision)
  })

  test.each([
    ['condition operator', { ...allow, Condition: { NumericEquals: { 'dynamodb:LeadingKeys': '1' } } }],
    ['condition key', { ...allow, Condition: { StringEquals: { 'aws:SourceIp': '127.0.0.1' } } }],
    ['policy variable', { ...allow, Resource: `${TABLE}/\${aws:username}` }],
    ['NotAction', { Effect: 'Allow', NotAction: 'dynamodb:*', Resource: '*' }],
  ])('a statement it cannot judge stops the start: %s', (named, statement) => {
    expect(() => principalWith(statement)).toThrow(UnsupportedError)
    expect(() => principalWith(statement)).toThrow(named)
  })

  test('policies attached by AWS::IAM::Policy count', () => {
    const role = resource('AWS::IAM::Role', 'Role', 'role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
    })
    const policy = resource('AWS::IAM::Policy', 'Policy', 'policy', {
      PolicyName: 'policy',
      PolicyDocument: { Version: '2012-10-17', Statement: [allow] },
      Roles: ['role'],
    })
    const [found] = rolesOf([stackOf(role, policy)]).values()
    expect(found).toMatchObject({ trusted: ['lambda.amazonaws.com'], statements: [{ Resource: [TABLE] }] })
  })

  test('a refusal is worded as AWS words it', () => {
    expect(accessDenied(principalWith(), 'dynamodb:GetItem', TABLE, 'not allowed')).toBe(
      `User: arn:aws:sts::000000000000:assumed-role/role/function is not authorized to perform: dynamodb:GetItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:GetItem action`,
    )
  })
})
