import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { PROJECT_ROOT } from '../../lib/project-root.ts'
import { CommandFailure } from '../command-failure.ts'
import type { Edit } from './edit.ts'

export const SKILLSETS = 'lambdas/skillsets'

/** A line that was written, and what it is. */
export interface Written {
  /** From the project's root. */
  readonly file: string
  readonly line: number
  readonly what: string
}

export interface NewFile {
  readonly path: string
  readonly source: string
  readonly what: string
}

/**
 * Writes files that were not there.
 * @throws CommandFailure where one was; then none is written
 */
export function writeNewFiles(files: readonly NewFile[]): Written[] {
  const there = files.filter(({ path }) => existsSync(join(PROJECT_ROOT, path))).map(({ path }) => path)
  if (there.length > 0)
    throw new CommandFailure(`${there.join(', ')}: there already, and nothing is overwritten. Choose another name.`)
  for (const { path, source } of files) {
    mkdirSync(dirname(join(PROJECT_ROOT, path)), { recursive: true })
    writeFileSync(join(PROJECT_ROOT, path), source, { flag: 'wx' })
  }
  return files.map(({ path, what }) => ({ file: path, line: 1, what }))
}

/** Lines that a file of the user's gets; what to do where it does not look as expected. */
export interface EditedFile {
  readonly path: string
  readonly edit: (source: string) => Edit | undefined
  /** Of each line, in the order of the file. */
  readonly what: readonly string[]
  readonly byHand: string
}

/** @returns undefined where the file is not as the formatter would leave it; then it stays as it is */
export function editFile({ path, edit, what }: EditedFile): Written[] | undefined {
  const edited = edit(readProjectFile(path))
  if (edited === undefined) return undefined
  writeFileSync(join(PROJECT_ROOT, path), edited.source)
  return edited.lines.map((line, at) => ({ file: path, line, what: what[at] ?? '' }))
}

export function readProjectFile(path: string): string {
  return readFileSync(join(PROJECT_ROOT, path), 'utf8')
}

/** How a path is named: from the project's root. */
export function projectPath(path: string): string {
  return relative(PROJECT_ROOT, path)
}
