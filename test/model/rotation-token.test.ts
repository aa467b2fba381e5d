import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { compromisedPurposes, compromisedToken, KEY_PURPOSES } from '../../model/rotation-token.ts'

it.each([
  ...KEY_PURPOSES,
  'all',
] as const)('a token for compromised keys (%s) says so, in the length that Secrets Manager takes', (purpose) => {
  const token = compromisedToken(purpose, randomUUID())
  expect(compromisedPurposes(token)).toEqual(purpose === 'all' ? KEY_PURPOSES : [purpose])
  expect(token.length).toBeGreaterThanOrEqual(32)
  expect(token.length).toBeLessThanOrEqual(64)
})

it.each([
  randomUUID(),
  'compromised',
  'compromised-everything-x',
  'terraform-compromised-all-x',
  '',
])('%j removes nothing', (token) => {
  expect(compromisedPurposes(token)).toEqual([])
})
