import { expect, test } from 'vitest'
import { ObjectStore } from '../../../local/s3/object-store.ts'
import { temporaryDirectory } from '../hand-made.ts'

test('objects go at the midnight that follows the days of their prefix', () => {
  const store = new ObjectStore(temporaryDirectory(), [{ prefix: 'results/', days: 1 }])
  const put = Date.parse('2026-03-01T09:30:00Z')
  for (const key of ['results/one', 'results/two', 'reports/one']) store.put(key, Buffer.from(key), {}, put)
  const before = Date.parse('2026-03-02T23:59:59Z')
  const after = Date.parse('2026-03-03T00:00:00Z')
  expect(store.find('results/one', before)?.size).toBe(11)
  expect(store.find('results/one', after)).toBeUndefined()
  expect(store.list('', after).map(({ key }) => key)).toEqual(['reports/one'])
  expect(store.list('', before).map(({ key }) => key)).toEqual(['reports/one'])
})
