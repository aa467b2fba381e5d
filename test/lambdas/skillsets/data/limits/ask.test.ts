import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask, cutNote } from '../../../../../lambdas/skillsets/data/limits/ask.ts'
import { dataServices } from '../support/data-services.ts'

let data: Awaited<ReturnType<typeof dataServices>>
beforeAll(async () => {
  data = await dataServices()
})
afterAll(() => data.close())

const LIMITS = { resultRows: 3, resultMegabytes: 1 }
const PERSON = {
  id: 'alice',
  email: 'alice@example.com',
  name: 'Alice',
  tenant: 'example',
  scopes: [],
  clientId: 'test',
}

it('tells the log which statement it was and how much came of it, never its text and never a row', async () => {
  const lines: unknown[] = []
  const tell = (...line: unknown[]) => lines.push(line)
  const log = { debug: tell, info: tell, warn: tell, error: tell }
  const context = { person: PERSON, services: data.services, signal: new AbortController().signal, log }
  await ask(context, 'SELECT 5', LIMITS)
  expect(lines).toEqual([
    [
      'query answered',
      expect.objectContaining({
        rows: 3,
        columns: 2,
        cutBy: 'rows',
        statement: expect.stringMatching(/^[0-9a-f]{16}$/),
      }),
    ],
  ])
  expect(JSON.stringify(lines)).not.toMatch(/SELECT|100\.50|2023/)
})

it('says which limit cut a result, and nothing where none did', () => {
  const result = { columns: [], rows: [[], []] }
  expect(cutNote(result, LIMITS)).toBeUndefined()
  expect(cutNote({ ...result, cutBy: 'rows' }, LIMITS)).toContain('the first 2 rows: here a result has at most 3 rows')
  expect(cutNote({ ...result, cutBy: 'bytes' }, LIMITS)).toContain('at most 1 MB')
})
