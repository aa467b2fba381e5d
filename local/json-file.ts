import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Reads a JSON file of the state directory; `fallback` where there is none. The runner wrote it, so its shape is known. */
export function readJsonFile<Content>(path: string, fallback: Content): Content {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Content
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return fallback
    throw new Error(`${path} cannot be read (${(error as Error).message}); npm start -- --fresh starts from nothing`)
  }
}

/** Replaces a file as a whole, readable by its owner only: a kill leaves the old content or the new, never a part. */
export function writeJsonFile(path: string, content: unknown): void {
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, JSON.stringify(content, null, 2), { mode: 0o600 })
  renameSync(unfinished, path)
}
