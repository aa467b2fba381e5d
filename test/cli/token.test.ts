import { expect, it } from 'vitest'
import { missingScopes } from '../../cli/token.ts'

it.each([
  [undefined, []],
  ['', []],
  ['calendar:read', []],
  ['calendar:read  calendar:write', []],
  ['calendar:read nope', ['nope']],
])('of the scopes %j the server left out %j', (asked, missing) => {
  expect(missingScopes(asked, 'calendar:write calendar:read')).toEqual(missing)
})
