import { expect, it } from 'vitest'
import { rolesOf } from '../../local/iam.ts'
import { defineFunctions } from '../../local/lambda.ts'
import { functionArn, roleArn } from '../../local/resource-types.ts'
import { principalWith, resource, stackOf } from './hand-made.ts'

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
}

it('a function in a VPC is one like any other: everything here is on loopback', () => {
  const stack = stackOf(
    resource('AWS::IAM::Role', 'Role', 'role', { AssumeRolePolicyDocument: trust }),
    resource('AWS::Lambda::Function', 'Function', 'function', {
      Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: roleArn('role'),
      LoggingConfig: { LogGroup: 'log' },
      VpcConfig: { SubnetIds: ['subnet-12345678'], SecurityGroupIds: ['sg-12345678'] },
    }),
  )
  const synthesized = { name: stack.name, template: { Resources: {} }, assets: new Map([['code.zip', '/code']]) }
  const { settings } = defineFunctions([stack], [synthesized], rolesOf([stack]))
  expect(settings.map(({ name }) => name)).toEqual(['function'])
})

it('what only Lambda may do with the role is denied to the function’s own code', () => {
  const allowed = { Effect: 'Allow', Action: 'ec2:CreateNetworkInterface', Resource: '*' }
  const deniedTo = (name: string) => ({
    ...allowed,
    Effect: 'Deny',
    Condition: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn(name) } },
  })
  const decision = (name: string) => principalWith(allowed, deniedTo(name)).decide('ec2:CreateNetworkInterface', '*')
  expect(decision('function')).toBe('denied')
  expect(decision('another')).toBe('allowed')
})
