import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { memoryDynamoDB } from '../../bench/tokens/memory-dynamodb.ts'
import { ABSENT, type Expression, type Key, openTable, type Table } from '../../lambdas/store/table.ts'
import { type LocalTable, startLocalTable } from '../lambdas/store/local-table.ts'

let dynalite: LocalTable

beforeAll(async () => {
  dynalite = await startLocalTable()
})
afterAll(() => dynalite.close())

const NOW = 1000
const VALUES = { one: 1, text: 'b', later: NOW + 1 }

/** The forms of condition and change that the store uses. */
const CONDITIONS: readonly (Expression | undefined)[] = [
  undefined,
  ABSENT,
  ...[
    'attribute_exists(#pk)',
    'attribute_not_exists(#count) OR (#text = :text AND #count > :one)',
    '(attribute_not_exists(#text) OR #text = :text) AND NOT #count < :one',
    '#expiresAt > :now AND #text <> :text',
    '#text >= :text',
  ].map(expression),
]
const CHANGES: readonly Expression[] = [
  'SET #count = :one, #text = :text, #expiresAt = :later',
  'SET #count = if_not_exists(#count, :one), #expiresAt = if_not_exists(#expiresAt, :later)',
  'SET #text = :text REMOVE #count, #expiresAt',
  'REMOVE #text',
].map(expression)

/** With the values that it names: DynamoDB refuses others. */
function expression(text: string): Expression {
  return { text, values: Object.fromEntries(Object.entries(VALUES).filter(([name]) => text.includes(`:${name}`))) }
}

const key = fc.record({ pk: fc.constantFrom('a', 'b'), sk: fc.constantFrom('é', 'z', '😀', '｡') })
const attributes = fc.record(
  {
    count: fc.constantFrom<string | number>(0, 1, 2, 10, '1'),
    text: fc.constantFrom<string | number>('a', 'b', 'ba', 2),
    expiresAt: fc.constantFrom(NOW - 1, NOW, NOW + 1),
  },
  { requiredKeys: [] },
)
const condition = fc.constantFrom(...CONDITIONS)
const act = fc.oneof(
  fc.record({ method: fc.constant('put' as const), key, attributes, condition }),
  fc.record({ method: fc.constant('update' as const), key, change: fc.constantFrom(...CHANGES), condition }),
  fc.record({ method: fc.constant('delete' as const), key, condition }),
)
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never

it('the memory table answers as dynalite does, whatever is asked in whatever order', async () => {
  let runs = 0
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 30 }), async (acts) => {
      // Each run has partitions of its own: dynalite keeps those of the runs before.
      const run = ++runs
      const [expected, found] = [dynalite.client, memoryDynamoDB()].map((client) =>
        openTable(client, dynalite.tableName, () => NOW),
      )
      if (expected === undefined || found === undefined) throw new Error('two tables are compared')
      for (const one of acts) expect(await perform(found, one, run)).toEqual(await perform(expected, one, run))
      for (const pk of ['a', 'b'])
        expect(await found.query(`${run}#${pk}`)).toEqual(await expected.query(`${run}#${pk}`))
    }),
    { numRuns: 20 },
  )
})

async function perform(table: Table, one: Act, run: number): Promise<unknown> {
  const key: Key = { pk: `${run}#${one.key.pk}`, sk: one.key.sk }
  const others = ['é', 'z'].map((sk) => ({ pk: key.pk, sk }))
  const done =
    one.method === 'put'
      ? await table.put(key, one.attributes, one.condition)
      : one.method === 'update'
        ? await table.update(key, one.change, one.condition)
        : await table.delete(key, one.condition)
  return { done, item: await table.get(key), others: await table.getMany(others) }
}

it('of parallel requests on one condition exactly one wins', async () => {
  const table = openTable(memoryDynamoDB(), 'factory', () => NOW)
  const claims = Array.from({ length: 50 }, (_, claim) => table.put({ pk: 'a', sk: 'a' }, { claim }, ABSENT))
  expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1)
})

it('what it does not understand it refuses', async () => {
  const table = openTable(memoryDynamoDB(), 'factory', () => NOW)
  const add = { text: 'ADD #count :one', values: { one: 1 } }
  await expect(table.update({ pk: 'a', sk: 'a' }, add)).rejects.toThrow('expected REMOVE')
})
