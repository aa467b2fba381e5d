import { afterAll, afterEach } from 'vitest'
import { type FactoryFixture, startFactory } from './factory-fixture.ts'
import { register } from './journey.ts'

/**
 * A factory with a registered client for the tests of a file. It ends with them, and the faults of one test with that.
 * @param metadata of the client
 */
export async function factoryOfFile(
  metadata: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly factory: FactoryFixture; readonly clientId: string }> {
  const factory = await startFactory()
  afterEach(() => factory.heal())
  afterAll(() => factory.close())
  return { factory, clientId: (await register(factory, metadata)).client_id }
}
