import { expect, it } from 'vitest'
import { tokenClaims } from '../../../lambdas/oauth/admission.ts'
import { DEVOPS, POLICY } from './factory-fixture.ts'

const PERSON = {
  sub: 'alice-sub',
  email: 'alice@example.com',
  name: 'Alice',
  tenant: 'example',
  claims: { groups: ['sre', 'staff', 'support'], department: 'operations', hd: 'example.com' },
}

it('a token carries what the rules of single scopes look at, and nothing else', () => {
  const [first, ...others] = DEVOPS.scopes
  if (first === undefined) throw new Error('the server has scopes')
  const access = { groups: ['sre'], claims: [{ claim: 'department', equals: 'operations' }] }
  const server = { ...DEVOPS, scopes: [{ ...first, access }, ...others] }
  expect(tokenClaims(PERSON, POLICY, server)).toEqual({ groups: ['sre'], department: 'operations' })
  expect(tokenClaims(PERSON, POLICY, DEVOPS)).toEqual({})
})
