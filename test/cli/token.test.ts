import { expect, it } from 'vitest'
import { assertGranted } from '../../cli/token.ts'

const GRANTED = 'calendar:write calendar:read'

it.each([undefined, '', 'calendar:read', 'calendar:read  calendar:write'])('scopes %j: nothing is missing', (asked) => {
  expect(() => assertGranted(asked, GRANTED, 'alice@example.com')).not.toThrow()
})

it('a scope that the server left out is named, with what was given instead', () => {
  expect(() => assertGranted('calendar:read nope', GRANTED, 'alice@example.com')).toThrow(
    '--scope: found nope; what alice@example.com was given instead: calendar:write calendar:read',
  )
})
