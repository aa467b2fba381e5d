import * as z from 'zod'

/** Written when all files of the sample are there, and taken away before any of them is replaced. */
export const SAMPLE_MANIFEST = 'sample.json'

/** Which sample this is: the digest of its rows, which a test compares. A bucket that has another is filled again. */
export const SAMPLE_VERSION = '191bef54941e16ff'

const manifest = z.object({ version: z.string(), rows: z.int() })
export type SampleManifest = z.infer<typeof manifest>

/** What a manifest says; undefined where it is none, or of another version of the sample. */
export function readManifest(text: string): SampleManifest | undefined {
  try {
    const found = manifest.safeParse(JSON.parse(text)).data
    return found?.version === SAMPLE_VERSION ? found : undefined
  } catch {
    return undefined
  }
}
