import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'

/** As much of an older log is read at first; bytes. */
const FIRST_LOOK = 256 * 1024

/** Reads what was appended to the logs of a directory since it was last asked. */
export class LogTail {
  readonly #directory: string
  /** Where each file was read to. */
  readonly #offsets = new Map<string, number>()

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Whole lines, file by file; none where the logs cannot be read. */
  read(): string[] {
    try {
      return readdirSync(this.#directory)
        .filter((name) => name.endsWith('.log'))
        .flatMap((name) => this.#readFile(join(this.#directory, name)))
    } catch {
      return []
    }
  }

  #readFile(path: string): string[] {
    const file = openSync(path, 'r')
    try {
      const { size } = fstatSync(file)
      const offset = this.#offsets.get(path) ?? Math.max(0, size - FIRST_LOOK)
      const bytes = Buffer.alloc(Math.max(0, size - offset))
      const length = readSync(file, bytes, 0, bytes.length, offset)
      // A line that is still being written is read next time.
      const end = bytes.subarray(0, length).lastIndexOf(0x0a) + 1
      this.#offsets.set(path, offset + end)
      return bytes.subarray(0, end).toString().split('\n').filter(Boolean)
    } finally {
      closeSync(file)
    }
  }
}
