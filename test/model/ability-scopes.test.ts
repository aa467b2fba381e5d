import { expect, it } from 'vitest'
import { scopeOfTool } from '../../model/ability-scopes.ts'

const PROXY = { '*': 'wiki:use', delete_page: 'wiki:delete', Read: 'wiki:read', read: 'wiki:use' }

it.each([
  ['delete_page', 'wiki:delete'],
  ['Read', 'wiki:read'],
  ['read', 'wiki:use'],
  ['write_page', 'wiki:use'],
  ['write page', 'wiki:use'],
  ['toString', 'wiki:use'],
  ['*', 'wiki:use'],
])('%s needs %s', (tool, scope) => {
  expect(scopeOfTool(PROXY, tool)).toBe(scope)
})

it.each([
  'DELETE_PAGE',
  'Delete_page',
  ' delete_page',
  'delete_page\n',
  'delete\u200b_page',
  'delete_page\0.txt',
  'delete_page\u202e',
  'delete_page\ufe0f',
  'delete\u034f_page',
  'ｄｅｌｅｔｅ_page',
  'READ',
])('a name that a server could take for a listed one is none: %j', (tool) => {
  expect(scopeOfTool(PROXY, tool)).toBeUndefined()
})

it('a server that names all of its tools has no others', () => {
  for (const tool of ['other', '*', 'toString'])
    expect(scopeOfTool({ list_events: 'calendar:read' }, tool)).toBeUndefined()
})

it('forms that only one case of their letters shares are one name, too', () => {
  expect(scopeOfTool({ '*': 'wiki:use', strasse: 'wiki:delete' }, 'straße')).toBeUndefined()
  expect(scopeOfTool({ '*': 'wiki:use', 'i\u0307d': 'wiki:delete' }, '\u0130d')).toBeUndefined()
})
