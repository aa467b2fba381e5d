import { CommandFailure } from '../command-failure.ts'
import { type EditedFile, editFile, type NewFile, type Written, writeNewFiles } from './project.ts'

/** What an ability or a server is made of: files of its own, and lines in one of the user's. */
export interface Addition {
  readonly newFiles: readonly NewFile[]
  readonly edited: EditedFile
}

export interface WrittenAddition {
  readonly files: readonly Written[]
  /** What to add by hand, where the user's own file looks otherwise than expected. */
  readonly unfinished?: CommandFailure
}

/** @throws CommandFailure where a file is there already; then nothing is written */
export function writeAddition({ newFiles, edited }: Addition): WrittenAddition {
  const created = writeNewFiles(newFiles)
  const lines = editFile(edited)
  if (lines !== undefined) return { files: [...created, ...lines] }
  const { path, byHand } = edited
  return {
    files: created,
    unfinished: new CommandFailure(`${path} does not look as expected and was left as it is. Add by hand:\n${byHand}`),
  }
}
