import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bucket } from '../../lambdas/runtime/bucket.ts'
import {
  readManifest,
  SAMPLE_MANIFEST,
  SAMPLE_VERSION,
  type SampleManifest,
} from '../../lambdas/skillsets/data/sample/manifest.ts'
import { writeParquet } from './write-parquet.ts'

/**
 * Makes the sample and puts it into a bucket, unless that has it already. The manifest goes first and comes last: whoever
 * is ended in between leaves a bucket that counts as empty.
 * @param scale see generateRows
 * @param begin told that it is to be made
 * @returns how many rows there are, and whether they were made now
 */
export async function fillBucket(
  bucket: Pick<Bucket, 'get' | 'put' | 'delete'>,
  scale: number,
  begin: () => void = () => undefined,
): Promise<{ readonly rows: number; readonly isNew: boolean }> {
  const there = await bucket.get(SAMPLE_MANIFEST)
  const found = there && readManifest(new TextDecoder().decode(there.body))
  if (found) return { rows: found.rows, isNew: false }
  begin()

  await using folder = await mkdtempDisposable(join(tmpdir(), 'sample-data-'))
  const { rows, paths } = await writeParquet(folder.path, scale)
  await bucket.delete(SAMPLE_MANIFEST)
  for (const path of paths)
    await bucket.put(path, await readFile(join(folder.path, path)), { contentType: 'application/vnd.apache.parquet' })
  const manifest: SampleManifest = { version: SAMPLE_VERSION, rows }
  await bucket.put(SAMPLE_MANIFEST, JSON.stringify(manifest), { contentType: 'application/json' })
  return { rows, isNew: true }
}
