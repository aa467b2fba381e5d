import { describe, expect, it } from 'vitest'
import { engineNeeds } from '../../../../../../lambdas/skillsets/data/engines/open-engine.ts'
import { dataOptions } from '../../../../../../lambdas/skillsets/data/options.ts'

const ORDERS = { title: 'Orders', description: 'One row per order.', types: { id: 'int' } }
const options = (orders: object, more: object = {}) => ({
  engine: 'athena',
  source: { bucket: 'lake', prefix: 'a/' },
  datasets: { orders: { ...ORDERS, ...orders } },
  ...more,
})

describe('the options of Athena', () => {
  it('are what infrastructure is asked for', () => {
    const parsed = dataOptions.parse(options({ folder: '{tenant}/orders' }, { scanMegabytes: 500 }))
    expect(engineNeeds(parsed)).toEqual([
      expect.objectContaining({
        kind: 'athena',
        source: { bucket: 'lake', prefix: 'a/' },
        tables: {
          orders: expect.objectContaining({ folder: '{tenant}/orders', format: 'parquet', types: { id: 'int' } }),
        },
        scanMegabytes: 500,
      }),
    ])
  })

  it.each([
    [
      'a column that tells tenants apart',
      options({ folder: 'orders', tenantColumn: 'tenant' }),
      'folder: "{tenant}/orders"',
    ],
    ['nobody’s rows', options({ folder: 'orders' }), 'exactly one of'],
    [
      'the sample, whose tenants share files',
      options({ folder: 'o', shared: true }, { source: { sample: true } }),
      'source',
    ],
    ['a folder of this machine', options({ folder: 'o', shared: true }, { source: { folder: './data' } }), 'source'],
    ['no types', options({ folder: 'o', shared: true, types: undefined }), 'types'],
  ])('are refused with %s', (_, wrong, message) => {
    const { error } = dataOptions.safeParse(wrong)
    expect(JSON.stringify(error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`))).toContain(
      message.replaceAll('"', '\\"'),
    )
  })
})
