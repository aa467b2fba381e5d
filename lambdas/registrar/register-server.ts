import type { ServerDocument } from '../../model/documents.ts'
import type { Attributes, Key } from '../store/table.ts'
import { Refusal } from './refusal.ts'
import type { Owner, Registrations } from './registrations.ts'

const DIRECTORY = 'SERVERS'

/**
 * Writes a server's registration for its owner, then its name into the directory.
 * @throws Refusal where the name is another stack's or the URL another server's; the table is then as it was
 */
export async function registerServer(
  registrations: Registrations,
  server: ServerDocument,
  owner: Owner,
): Promise<void> {
  const key = serverKey(server.name)
  const before = await registrations.get(key)
  await assertResourceFree(registrations, server)
  const attributes = { doc: JSON.stringify(server), resource: server.resource }
  if (!(await registrations.put(key, owner, attributes)))
    throw new Refusal(`another stack has registered a server named ${server.name}`)
  await registrations.put(directoryKey(server.name), owner, {})
  try {
    // Once more: of two stacks that register one URL at the same moment, at least one sees the other here.
    await assertResourceFree(registrations, server)
  } catch (error) {
    await restore(registrations, server.name, owner, before)
    throw error
  }
}

/**
 * Deletes what its owner registered; nothing, where it is not there or another's.
 * @returns false where it is another's
 */
export async function deregisterServer(registrations: Registrations, name: string, owner: Owner): Promise<boolean> {
  const removed = await registrations.delete(serverKey(name), owner)
  await registrations.delete(directoryKey(name), owner)
  return removed
}

/** @throws Refusal where another server has the URL: its tokens would be good for both */
async function assertResourceFree(registrations: Registrations, server: ServerDocument): Promise<void> {
  const names = (await registrations.sortKeys(DIRECTORY)).filter((name) => name !== server.name)
  const others = await Promise.all(names.map((name) => registrations.get(serverKey(name))))
  if (others.some((other) => other?.resource === server.resource))
    throw new Refusal('another server has the URL of Registration.resource')
}

async function restore(
  registrations: Registrations,
  name: string,
  owner: Owner,
  before: Attributes | undefined,
): Promise<void> {
  if (before === undefined) {
    await deregisterServer(registrations, name, owner)
    return
  }
  const { pk, sk, stack, logicalId = owner.logicalId, ...attributes } = before
  await registrations.put(serverKey(name), { stack: owner.stack, logicalId: String(logicalId) }, attributes)
}

function serverKey(name: string): Key {
  return { pk: `SERVER#${name}`, sk: 'SERVER' }
}

function directoryKey(name: string): Key {
  return { pk: DIRECTORY, sk: name }
}
