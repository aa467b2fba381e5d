import { describe, expect, it } from 'vitest'
import { serverDocument } from '../../model/documents.ts'
import {
  type AbilityDeclaration,
  assertScopesUnique,
  type SkillsetDeclaration,
  SkillsetError,
  scopesOf,
  serverRegistration,
} from '../../model/skillset-declaration.ts'

const ability = (changes: Partial<AbilityDeclaration> = {}): AbilityDeclaration => ({
  name: 'list_events',
  title: 'List events',
  scope: 'calendar:read',
  level: 'everyday',
  ...changes,
})
const skillset = (...abilities: AbilityDeclaration[]): SkillsetDeclaration => ({
  name: 'productivity',
  title: 'Productivity',
  needs: [],
  abilities,
})

describe('the scopes of a skillset', () => {
  it('are those of its abilities, in their order, each with what it permits', () => {
    const declared = skillset(
      ability({ name: 'create_event', title: 'Create an event', scope: 'calendar:write' }),
      ability(),
      ability({ name: 'find_time', title: 'Find a time' }),
    )
    expect(scopesOf(declared)).toEqual([
      { name: 'calendar:write', level: 'everyday', abilities: ['Create an event'] },
      { name: 'calendar:read', level: 'everyday', abilities: ['List events', 'Find a time'] },
    ])
  })

  it.each<[string, AbilityDeclaration[], RegExp]>([
    ['an ability twice', [ability(), ability()], /list_events of skillset productivity is declared twice/],
    [
      'a scope that clients ask for anyway',
      [ability({ scope: 'offline_access' })],
      /scope: found "offline_access"; allowed: any but those of OpenID Connect/,
    ],
    ['a scope that is none', [ability({ scope: 'a b' })], /scope: found "a b"; allowed: printable ASCII/],
    [
      'a scope at two levels',
      [ability(), ability({ name: 'other', level: 'privileged' })],
      /calendar:read is everyday elsewhere and privileged here/,
    ],
  ])('are an error for %s', (_, abilities, message) => {
    expect(() => scopesOf(skillset(...abilities))).toThrow(SkillsetError)
    expect(() => scopesOf(skillset(...abilities))).toThrow(message)
  })
})

describe('a server’s registration', () => {
  const server = {
    name: 'calendar',
    resource: 'https://mcp.example.com/calendar/mcp',
    access: { tenants: ['example'] },
  }

  it('is a document that the gate can read', () => {
    const registration = serverRegistration(skillset(ability()), { ...server, privileged: { people: ['a@b.test'] } })
    expect(serverDocument.safeParse(registration)).toMatchObject({ success: true })
    expect(registration).toEqual({
      name: 'calendar',
      title: 'Productivity',
      resource: server.resource,
      scopes: [{ name: 'calendar:read', level: 'everyday', abilities: ['List events'] }],
      abilities: { list_events: 'calendar:read' },
      access: { tenants: ['example'] },
      privileged: { people: ['a@b.test'] },
    })
  })

  it('has the rules of single scopes, and refuses those of a scope that there is not', () => {
    const deploy = ability({ name: 'deploy', title: 'Deploy', scope: 'deploy:run', level: 'privileged' })
    const scopes = { 'deploy:run': { groups: ['sre'] } }
    const registration = serverRegistration(skillset(ability(), deploy), { ...server, scopes })
    expect(serverDocument.safeParse(registration)).toMatchObject({ success: true })
    expect(registration.scopes).toEqual([
      { name: 'calendar:read', level: 'everyday', abilities: ['List events'] },
      { name: 'deploy:run', level: 'privileged', abilities: ['Deploy'], access: { groups: ['sre'] } },
    ])
    expect(() => serverRegistration(skillset(ability()), { ...server, scopes })).toThrow(
      'servers.calendar.scopes: found "deploy:run"; allowed: calendar:read',
    )
  })

  it('has the server’s title where it has one, and no rules for privileged scopes where there are none', () => {
    const registration = serverRegistration(skillset(ability()), { ...server, title: 'Calendar' })
    expect(registration.title).toBe('Calendar')
    expect(registration).not.toHaveProperty('privileged')
  })
})

it('AS-08: a scope is one server’s: where a request names no resource, its scopes decide', () => {
  const scopes = scopesOf(skillset(ability()))
  expect(() => assertScopesUnique([{ name: 'one', skillset: 'first', scopes }])).not.toThrow()
  expect(() =>
    assertScopesUnique([
      { name: 'one', skillset: 'first', scopes },
      { name: 'two', skillset: 'second', scopes },
    ]),
  ).toThrow(/scope calendar:read is declared by servers one and two; allowed: one server per scope, because .* Rename/)
  expect(() =>
    assertScopesUnique([
      { name: 'one', skillset: 'first', scopes },
      { name: 'two', skillset: 'first', scopes },
    ]),
  ).toThrow(/servers one and two both serve the skillset first.* allowed: one server per skillset, because .* or copy/)
})
