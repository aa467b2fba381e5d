import { expect, it } from 'vitest'
import { abilityName } from '../../../cli/new/ability-name.ts'

it.each(['set_reminder', 'set-reminder'])('%s is written as each place has it', (given) => {
  expect(abilityName(given)).toEqual({
    tool: 'set_reminder',
    file: 'set-reminder',
    identifier: 'setReminder',
    title: 'Set reminder',
  })
})

it.each([
  '',
  'Set',
  'set reminder',
  '_set',
  'set_',
  'set__reminder',
  '1st',
  '../set',
  'x'.repeat(41),
  "set'reminder",
])('%j is refused, with what is allowed', (given) => {
  expect(() => abilityName(given)).toThrow(`name: found ${JSON.stringify(given)}; allowed: at most 40 lower-case`)
})

it('a word that JavaScript reserves is refused', () => {
  expect(() => abilityName('delete')).toThrow('no word that JavaScript reserves')
  expect(abilityName('delete_note').identifier).toBe('deleteNote')
})

it.each(['z', 'call', 'define_ability'])('%s, which the written files use for something else, is refused', (given) => {
  expect(() => abilityName(given)).toThrow('which the files use for something else')
})
