import { beforeEach, expect, it } from 'vitest'
import { type KeySet, KeysUnavailable } from '../../../lambdas/tokens/key-set.ts'
import { type KeysReader, keysReader } from '../../../lambdas/tokens/keys-reader.ts'
import { sampleKeys, sampleSecretKey } from './sample-keys.ts'

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

it('reads every ten seconds, and once for parallel readers', async () => {
  await Promise.all([reader.read(), reader.read()])
  now += 9
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

it('asks once in ten seconds while the secret cannot be read', async () => {
  await reader.read()
  secret = () => {
    throw new Error('Secrets Manager is down')
  }
  now += 10
  for (let caller = 0; caller < 5; caller++) await reader.read()
  expect(reads).toBe(2)
  now += 10
  await reader.read()
  expect(reads).toBe(3)
})

it('finds with a set that another instance has read before this one', async () => {
  await reader.read()
  const newer = await sampleKeys()
  secret = () => JSON.stringify({ ...newer, sealing: [sampleSecretKey('seal-2', { useFrom: now })] })
  const seek = (keys: KeySet) => keys.sealing.find(({ kid }) => kid === 'seal-2')
  await expect(reader.find(seek)).resolves.toMatchObject({ kid: 'seal-2' })
  expect(reads).toBe(2)
  await reader.find(seek)
  expect(reads).toBe(2)
})

it('reads anew once in ten seconds, however much is sought that is not there', async () => {
  for (let stranger = 0; stranger < 50; stranger++) expect(await reader.find(() => undefined)).toBeUndefined()
  expect(reads).toBe(2)
  now += 10
  await reader.find(() => undefined)
  expect(reads).toBe(4)
})
