import { CommandFailure } from '../command-failure.ts'
import { findLocalFactory } from '../local-factory.ts'
import { type EditedFile, editFile, type NewFile, type Written, writeNewFiles } from './project.ts'
import { EXAMPLE_INPUT } from './sources.ts'

/** What a person who has added something does next. */
export interface Guidance {
  readonly files: readonly Written[]
  /** Commands that work when pasted. */
  readonly test: string
  readonly call: string
  readonly diff: string
  /** What that shows: the one stack, and its resources. */
  readonly stack: string
  readonly resources: readonly string[]
  /** Further things to know. */
  readonly notes: readonly string[]
}

export interface Addition extends Omit<Guidance, 'files'> {
  readonly newFiles: readonly NewFile[]
  readonly edited: EditedFile
  readonly json?: true | undefined
}

/**
 * Writes an addition and prints what to do next.
 * @throws CommandFailure saying what to add by hand, where the user's own file looks otherwise than expected
 */
export function writeAddition({ newFiles, edited, json, ...next }: Addition): void {
  const created = writeNewFiles(newFiles)
  const lines = editFile(edited)
  const guidance: Guidance = { files: [...created, ...(lines ?? [])], ...next }
  console.log(json ? JSON.stringify(guidance) : text(guidance))
  if (lines === undefined)
    throw new CommandFailure(
      `${edited.path} does not look as expected and was left as it is. Add by hand:\n${edited.byHand}`,
    )
}

/** One call of an example ability at the factory that runs here, or would, on one line. */
export function curl(server: string, tool: string, signIn: string): string {
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: EXAMPLE_INPUT } }
  const origin = findLocalFactory()?.issuer ?? `http://localhost:${process.env.FACTORY_PORT ?? 4100}`
  return [
    `curl -sS ${origin}/${server}/mcp`,
    `-H "Authorization: Bearer $(npm run --silent factory -- token ${server} ${signIn})"`,
    "-H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream'",
    `-d '${JSON.stringify(body)}'`,
  ].join(' ')
}

function text({ files, test, call, diff, stack, resources, notes }: Guidance): string {
  const width = Math.max(...files.map(({ file, line }) => `${file}:${line}`.length))
  return [
    'Written:',
    ...files.map(({ file, line, what }) => `  ${`${file}:${line}`.padEnd(width)}  ${what}`),
    '',
    'Test it:',
    `  ${test}`,
    '',
    'Call it, after a restart of npm start:',
    `  ${call}`,
    '',
    'Deploy it; the diff shows one stack and no other:',
    `  ${diff}`,
    `  ${stack}:`,
    ...resources.map((resource) => `    ${resource}`),
    ...notes.flatMap((note) => ['', note]),
  ].join('\n')
}
