import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { countCalls } from '../../docs/make/cost/count-calls.ts'
import { COUNTED } from '../../docs/make/cost/counted-calls.ts'
import { startFactory } from '../../local/factory.ts'

const ONE_SERVER = join(import.meta.dirname, '../../docs/make/cost/one-server.config.ts')

// What is kept for ten seconds is read again where a machine is that slow: then it is counted once more.
it('a connection, a call and a refresh make AWS do what docs/cost.md counts with', { retry: 2 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'factory-counted-'))
  const factory = await startFactory({
    directory,
    port: 0,
    domain: true,
    fresh: false,
    offline: true,
    environment: { FACTORY_CONFIG: ONE_SERVER },
  })
  try {
    expect(await countCalls(factory, 'alice@example.com')).toEqual(COUNTED)
  } finally {
    await factory.stop()
    await rm(directory, { recursive: true })
  }
})
