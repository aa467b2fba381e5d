import { AbilityError } from '../../../runtime/ability-error.ts'
import type { FileSource } from '../engines/files/file-source.ts'
import { SAMPLE_MANIFEST } from './manifest.ts'

/** The sample's files once all of them are there: nobody sees orders whose lines are still on their way. */
export function completeSample(source: FileSource): FileSource {
  return {
    async list(prefix) {
      const files = await source.list(prefix)
      // Asked afterwards: it is the first to go where files are replaced.
      const [manifest] = await source.list(SAMPLE_MANIFEST)
      if (manifest === undefined)
        throw new AbilityError(
          'engine_unavailable',
          'The sample data is not there yet.',
          'On one machine npm start makes it: try again in some seconds. Where this is deployed, an administrator runs npm run factory -- sample-data.',
        )
      return files
    },
    fetch: (file, path) => source.fetch(file, path),
  }
}
