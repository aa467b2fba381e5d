import { describe, expect, it } from 'vitest'
import type { Person } from '../../../model/person.ts'
import { holderRules, scopeCeiling } from '../../../model/rules/ceiling.ts'
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
    'deploy:run',
    'health:read',
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

describe('a scope with rules of its own', () => {
  const CAROL: Person = { ...BOB, email: 'carol@example.com', claims: { groups: ['support'] } }
  const server = {
    scopes: [
      { name: 'logs:read', level: 'everyday', abilities: [], access: { groups: ['sre', 'support'] } },
      { name: 'health:read', level: 'everyday', abilities: [] },
      { name: 'deploy:run', level: 'privileged', abilities: [], access: { groups: ['sre'] } },
      { name: 'tickets:close', level: 'privileged', abilities: [], access: { groups: ['support'] } },
      { name: 'service:stop', level: 'privileged', abilities: [] },
    ],
    privileged: { people: ['bob@example.com'] },
  } as const

  it('is theirs whom these admit, everyday or privileged: a ceiling for each group', () => {
    expect(scopeCeiling(CAROL, server)).toEqual(['logs:read', 'health:read', 'tickets:close'])
    expect(scopeCeiling({ ...CAROL, claims: { groups: ['sre'] } }, server)).toEqual([
      'logs:read',
      'health:read',
      'deploy:run',
    ])
  })

  it('is not theirs whom the rules for all privileged scopes admit', () => {
    expect(scopeCeiling(BOB, server)).toEqual(['health:read', 'service:stop'])
  })

  it('needs no rules for all privileged scopes', () => {
    expect(scopeCeiling(CAROL, { scopes: server.scopes })).toContain('tickets:close')
  })

  it('is nobody’s where it is privileged and the rules only say who may not', () => {
    const access = { blocked: ['mallory@example.com'] }
    const scope = { name: 'deploy:run', level: 'privileged', abilities: [], access } as const
    expect(scopeCeiling(BOB, { ...server, scopes: [scope] })).toEqual([])
    expect(scopeCeiling(BOB, { scopes: [{ ...scope, level: 'everyday' }] })).toEqual(['deploy:run'])
  })

  it('is offered before anybody is known where somebody may hold it', () => {
    const offered = (one: Parameters<typeof holderRules>[1]) =>
      one.scopes.filter((scope) => holderRules(scope, one) !== undefined).map(({ name }) => name)
    expect(offered(server)).toEqual(server.scopes.map(({ name }) => name))
    expect(offered({ scopes: server.scopes })).not.toContain('service:stop')
  })
})
