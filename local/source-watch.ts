import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { dirname, join } from 'node:path'

/** Milliseconds; an editor that saves causes several events. */
const SETTLED = 20

/**
 * Tells which files were changed, made or removed. Node's recursive watch loses a file that an editor replaces by
 * renaming, so here every folder has a watcher of its own, whose events only cause a comparison.
 * @param paths folders, looked at with all below them, and single files
 * @returns what stops it
 */
export function watchSources(paths: readonly string[], changed: (files: readonly string[]) => void): () => void {
  let watchers = new Map<string, FSWatcher>()
  let files = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined

  function scan(): void {
    const seen = new Map<string, FSWatcher>()
    files = new Map()
    const visit = (path: string): void => {
      const status = statSync(path, { throwIfNoEntry: false })
      if (status?.isDirectory()) {
        watchFolder(path, status.ino)
        for (const name of readdirSync(path)) visit(join(path, name))
      } else if (status) files.set(path, status.mtimeMs)
    }
    // Watched before its files are looked at: nothing happens unseen in between. Made anew, a folder is another one.
    const watchFolder = (folder: string, inode: number): void => {
      const key = `${inode} ${folder}`
      seen.set(key, seen.get(key) ?? watchers.get(key) ?? watch(folder, soon).on('error', soon))
    }
    for (const path of paths) {
      if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) watchFolder(dirname(path), 0)
      visit(path)
    }
    for (const [key, watcher] of watchers) if (!seen.has(key)) watcher.close()
    watchers = seen
  }

  function soon(): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const before = files
      try {
        scan()
      } catch {
        // A file that goes while it is looked at, or a loop of links: the next event looks again.
        files = before
        return
      }
      const all = new Set([...before.keys(), ...files.keys()])
      const different = [...all].filter((file) => before.get(file) !== files.get(file))
      if (different.length > 0) changed(different)
    }, SETTLED)
  }

  scan()
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers.values()) watcher.close()
  }
}
