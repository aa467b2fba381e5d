import { expect, it } from 'vitest'
import type { Person } from '../../../model/person.ts'
import { scopeCeiling } from '../../../model/rules/ceiling.ts'
import type { ServerScope } from '../../../model/scopes.ts'

const SCOPES: readonly ServerScope[] = [
  { name: 'deploy:run', level: 'privileged', abilities: [] },
  { name: 'health:read', level: 'everyday', abilities: [] },
]
const BOB: Person = { sub: 'b', email: 'bob@example.com', name: 'Bob', tenant: 'example', claims: {} }

it('everyday scopes are everybody’s', () => {
  expect(scopeCeiling(BOB, { scopes: SCOPES, privileged: { people: ['alice@example.com'] } })).toEqual(['health:read'])
})

it('privileged ones are theirs whom their rules admit', () => {
  expect(scopeCeiling(BOB, { scopes: SCOPES, privileged: { people: ['bob@example.com'] } })).toEqual([
    'health:read',
    'deploy:run',
  ])
})

it('without rules for privileged scopes nobody holds one', () => {
  expect(scopeCeiling(BOB, { scopes: SCOPES })).toEqual(['health:read'])
  expect(scopeCeiling(BOB, { scopes: SCOPES, privileged: undefined })).toEqual(['health:read'])
})

it.each([
  {},
  { people: undefined },
  { blocked: ['mallory@example.com'] },
])('rules that name nobody admit nobody: %j', (privileged) => {
  expect(scopeCeiling(BOB, { scopes: SCOPES, privileged })).toEqual(['health:read'])
})
