import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { bundling } from '../../lib/bundling.ts'
import { HANDLERS } from '../../lib/handlers.ts'

/** Bytes, without the AWS SDK: what a cold start parses beside it. */
const LARGEST = 150_000

it('the OAuth function’s bundle stays under 150 KB', async () => {
  const { outputFiles, metafile } = await build({
    ...bundling([HANDLERS.oauth]),
    sourcemap: false,
    external: ['@aws-sdk/*'],
    metafile: true,
  })
  expect(outputFiles[0]?.contents.byteLength).toBeLessThan(LARGEST)
  const packages = Object.keys(metafile.inputs).map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1])
  expect([...new Set(packages)].filter((name) => name !== undefined).toSorted()).toEqual([
    '@middy/core',
    '@middy/util',
    'aws-jwt-verify',
    'zod',
  ])
})
