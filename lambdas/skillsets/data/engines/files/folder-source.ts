import { constants, copyFile, readdir, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { FileSource, SourceFile } from './file-source.ts'

/** Files of a folder of this machine; one is another when its size or its time of change is. */
export function createFolderSource(folder: string): FileSource {
  const etagOf = async (key: string) => {
    const { size, mtimeMs } = await stat(join(folder, key))
    return `${size}-${mtimeMs}`
  }
  return {
    async list(prefix) {
      const start = dirname(`${prefix}*`)
      const entries = await readdir(join(folder, start), { recursive: true, withFileTypes: true }).catch(nothingThere)
      const keys = entries
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, sep).length).replaceAll(sep, '/'))
        .filter((key) => key.startsWith(prefix))
      return await Promise.all(keys.map(async (key): Promise<SourceFile> => ({ key, etag: await etagOf(key) })))
    },
    async fetch({ key, etag }, path) {
      await copyFile(join(folder, key), path, constants.COPYFILE_FICLONE)
      if ((await etagOf(key)) !== etag) throw new Error(`${key} changed while it was copied`)
    },
  }
}

function nothingThere(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return []
  throw error
}
