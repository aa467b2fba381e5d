import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Caller, Callers } from '../../local/aws-endpoint.ts'
import type { Principal } from '../../local/iam.ts'
import { assumeRole, rolesOf } from '../../local/iam.ts'
import { makeCredentials } from '../../local/signature.ts'
import type { Resource, Stack } from '../../local/stack.ts'

/** A directory for one test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'factory-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export function resource(type: string, logicalId: string, physicalId: string, properties: object = {}): Resource {
  return { type, logicalId, physicalId, properties: properties as Resource['properties'] }
}

export function stackOf(...resources: Resource[]): Stack {
  return { name: 'test-stack', resources, outputs: {} }
}

export function tableNamed(name: string): Resource {
  return resource('AWS::DynamoDB::GlobalTable', 'Table', name, {
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  })
}

const TRUSTS_LAMBDA = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
}

/** A role and its inline statements, as a session named `function`. */
export function principalWith(...statements: object[]): Principal {
  const role = resource('AWS::IAM::Role', 'Role', 'role', {
    AssumeRolePolicyDocument: TRUSTS_LAMBDA,
    Policies: [{ PolicyName: 'inline', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  })
  const [made] = rolesOf([stackOf(role)]).values()
  if (made === undefined) throw new Error('no role')
  return assumeRole(made, 'function')
}

export function callerAs(principal: Principal): Caller {
  return { credentials: makeCredentials(), principal }
}

export function callersOf(...callers: Caller[]): Callers {
  return new Map(callers.map((caller) => [caller.credentials.accessKeyId, caller]))
}
