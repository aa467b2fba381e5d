import { expect, it } from 'vitest'
import { publicHalf } from '../../../lambdas/tokens/public-keys.ts'
import { sampleKeys } from './sample-keys.ts'

it('publishes nothing private', async () => {
  const [key] = (await sampleKeys()).signing
  if (key === undefined) throw new Error('no key')
  expect(Object.keys(publicHalf(key)).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})
