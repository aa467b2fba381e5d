import { beforeEach, expect, it } from 'vitest'
import { KeysUnavailable } from '../../../lambdas/tokens/key-set.ts'
import { type KeysReader, keysReader } from '../../../lambdas/tokens/keys-reader.ts'
import { sampleKeys } from './sample-keys.ts'

let now: number
let reads: number
let secret: () => string
let reader: KeysReader

beforeEach(async () => {
  const text = JSON.stringify(await sampleKeys())
  now = 1_000_000
  reads = 0
  secret = () => text
  reader = keysReader(
    async () => {
      reads += 1
      return secret()
    },
    () => now,
  )
})

it('reads once a minute, and once for parallel readers', async () => {
  await Promise.all([reader.read(), reader.read()])
  now += 59
  await reader.read()
  expect(reads).toBe(1)
  now += 1
  await reader.read()
  expect(reads).toBe(2)
})

it('goes on for five minutes where the secret cannot be read, then fails closed, then recovers', async () => {
  await reader.read()
  const good = secret
  secret = () => {
    throw new Error('Secrets Manager is down')
  }
  now += 299
  await expect(reader.read()).resolves.toBeDefined()
  now += 1
  await expect(reader.read()).rejects.toThrow(KeysUnavailable)
  secret = good
  await expect(reader.read()).resolves.toBeDefined()
})

it('has nothing before the first rotation', async () => {
  secret = () => 'placeholder'
  await expect(reader.read()).rejects.toThrow(KeysUnavailable)
})
