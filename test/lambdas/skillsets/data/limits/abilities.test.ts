import { expect, it, onTestFinished } from 'vitest'
import { call } from '../../../../../lambdas/runtime/testing.ts'
import { describeDataset } from '../../../../../lambdas/skillsets/data/abilities/describe-dataset.ts'
import { explainQuery } from '../../../../../lambdas/skillsets/data/abilities/explain-query.ts'
import { runQuery } from '../../../../../lambdas/skillsets/data/abilities/run-query.ts'
import { dataServices } from '../support/data-services.ts'

it('whatever has the engine work takes one of the places of its person', async () => {
  const { services, close } = await dataServices({ queriesPerPerson: 1 })
  onTestFinished(close)
  const options = { as: { name: 'alice' }, services }
  const callAll = () => [
    call(describeDataset, { dataset: 'sales' }, options),
    call(explainQuery, { sql: 'SELECT 1' }, options),
    call(runQuery, { sql: 'SELECT 1' }, options),
  ]
  await services.leases.during({ id: 'person-alice', tenant: 'example' }, async () => {
    for (const { reason } of (await Promise.allSettled(callAll())) as PromiseRejectedResult[])
      expect(reason).toMatchObject({ code: 'too_many_queries' })
  })
})
