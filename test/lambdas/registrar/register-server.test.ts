import { expect, it } from 'vitest'
import { registerServer } from '../../../lambdas/registrar/register-server.ts'
import type { Registrations } from '../../../lambdas/registrar/registrations.ts'
import { startLocalTable } from '../store/local-table.ts'
import { serverDocument } from './cloudformation.ts'
import { registrationsOf } from './registrar.ts'

const OWNER = { stack: 'stack-one', logicalId: 'Registration' }
const RIVAL = { stack: 'stack-two', logicalId: 'Registration' }
const resource = 'https://mcp.example.com/wanted/mcp'

/** A table into which a rival registers the same URL just after one has looked whether it is free. */
function withRival(registrations: Registrations): Registrations {
  let looked = false
  return {
    ...registrations,
    async put(key, owner, attributes) {
      if (!looked) {
        looked = true
        await registrations.put({ pk: 'SERVER#rival', sk: 'SERVER' }, RIVAL, {
          doc: JSON.stringify(serverDocument('rival', { resource })),
          resource,
        })
        await registrations.put({ pk: 'SERVERS', sk: 'rival' }, RIVAL, {})
      }
      return registrations.put(key, owner, attributes)
    },
  }
}

it('a URL that is taken is refused before anything is written: no reader ever sees it twice', async () => {
  await using table = await startLocalTable()
  const registrations = registrationsOf(table)
  await registerServer(registrations, serverDocument('rival', { resource }), RIVAL)
  const writes: string[] = []
  const watched: Registrations = {
    ...registrations,
    put(key, owner, attributes) {
      writes.push(key.pk)
      return registrations.put(key, owner, attributes)
    },
  }
  await expect(registerServer(watched, serverDocument('one', { resource }), OWNER)).rejects.toThrow('another server')
  expect(writes).toEqual([])
})

it('a URL that somebody else takes meanwhile is given up, and nothing is left', async () => {
  await using table = await startLocalTable()
  const registrations = registrationsOf(table)
  const attempt = registerServer(withRival(registrations), serverDocument('one', { resource }), OWNER)
  await expect(attempt).rejects.toThrow('another server has the URL')
  expect(await registrations.get({ pk: 'SERVER#one', sk: 'SERVER' })).toBeUndefined()
  expect(await registrations.sortKeys('SERVERS')).toEqual(['rival'])
})

it('what was registered before is restored', async () => {
  await using table = await startLocalTable()
  const registrations = registrationsOf(table)
  await registerServer(registrations, serverDocument('one'), OWNER)
  const before = await registrations.get({ pk: 'SERVER#one', sk: 'SERVER' })
  const attempt = registerServer(withRival(registrations), serverDocument('one', { resource }), OWNER)
  await expect(attempt).rejects.toThrow('another server has the URL')
  expect(await registrations.get({ pk: 'SERVER#one', sk: 'SERVER' })).toEqual(before)
})
