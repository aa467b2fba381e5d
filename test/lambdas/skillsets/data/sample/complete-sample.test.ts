import { describe, expect, it } from 'vitest'
import type { FileSource } from '../../../../../lambdas/skillsets/data/engines/files/file-source.ts'
import { fileDataset } from '../../../../../lambdas/skillsets/data/options.ts'
import { completeSample } from '../../../../../lambdas/skillsets/data/sample/complete-sample.ts'
import { SAMPLE_DATASETS } from '../../../../../lambdas/skillsets/data/sample/datasets.ts'
import { SAMPLE_MANIFEST } from '../../../../../lambdas/skillsets/data/sample/manifest.ts'

/** Has these files; `afterListing` changes them as somebody who replaces the sample does. */
function sourceOf(keys: string[], afterListing: () => void = () => undefined): FileSource {
  return {
    async list(prefix) {
      const found = keys.filter((key) => key.startsWith(prefix)).map((key) => ({ key, etag: key }))
      afterListing()
      return found
    },
    fetch: async () => undefined,
  }
}

describe('completeSample', () => {
  it('lists what is there once the manifest is', async () => {
    const files = await completeSample(sourceOf(['orders/a', SAMPLE_MANIFEST])).list('orders/')
    expect(files).toEqual([{ key: 'orders/a', etag: 'orders/a' }])
  })

  it('half a sample is none: the answer says what to do', async () => {
    await expect(completeSample(sourceOf(['orders/a'])).list('orders/')).rejects.toMatchObject({
      code: 'engine_unavailable',
      hint: expect.stringContaining('npm run factory -- sample-data'),
    })
  })

  it('a sample that begins to be replaced while it is listed is none either', async () => {
    const keys = ['orders/a', SAMPLE_MANIFEST]
    const source = sourceOf(keys, () => keys.splice(1))
    await expect(completeSample(source).list('orders/')).rejects.toMatchObject({ code: 'engine_unavailable' })
  })
})

describe('SAMPLE_DATASETS', () => {
  it('are what the config could have said itself', () => {
    for (const dataset of Object.values(SAMPLE_DATASETS)) expect(fileDataset.parse(dataset)).toEqual(dataset)
  })
})
