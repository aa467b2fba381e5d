import { describe, expect, it } from 'vitest'
import { assertReadsOnly } from '../../../../../../lambdas/skillsets/data/engines/athena/plan.ts'

const table = (catalog: string, schema: string, name: string) => ({
  table: { catalog, schemaTable: { schema, table: name } },
  constraint: { none: false, columnConstraints: [] },
})
const judge = (plan: unknown) => assertReadsOnly(JSON.stringify(plan), 'mine', ['orders', 'customers'])

describe('a plan', () => {
  it('that reads own data sets, or nothing, may be run', () => {
    judge({ inputTableColumnInfos: [] })
    judge({
      inputTableColumnInfos: [table('awsdatacatalog', 'mine', 'orders'), table('AwsDataCatalog', 'mine', 'orders')],
    })
  })

  it.each([
    ['another database', table('awsdatacatalog', 'theirs', 'orders')],
    ['another catalog', table('lambda:x', 'mine', 'orders')],
    ['the catalog’s own tables', table('awsdatacatalog', 'information_schema', 'tables')],
    ['the engine’s own tables', table('system', 'runtime', 'queries')],
    ['a table that is no data set', table('awsdatacatalog', 'mine', 'secrets')],
  ])('that reads %s is refused, whatever else it reads', (_, read) => {
    const plan = { inputTableColumnInfos: [table('awsdatacatalog', 'mine', 'orders'), read] }
    expect(() => judge(plan)).toThrow(expect.objectContaining({ code: 'query_refused' }))
  })

  it('that writes is refused', () => {
    const plan = { inputTableColumnInfos: [], outputTable: table('awsdatacatalog', 'mine', 'orders').table }
    expect(() => judge(plan)).toThrow(expect.objectContaining({ code: 'query_refused' }))
  })

  it.each(['{}', '', '{"inputTableColumnInfos":[{}]}', 'true'])('that is none lets nothing run: %j', (answer) => {
    expect(() => assertReadsOnly(answer, 'mine', [])).toThrow()
  })
})
