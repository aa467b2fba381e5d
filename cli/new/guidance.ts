import { localOrigin } from '../local-factory.ts'
import type { Written } from './project.ts'
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

/** One call of an example ability at the factory that runs here, or would, on one line. */
export function curl(server: string, tool: string, signIn: string): string {
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: EXAMPLE_INPUT } }
  return [
    `curl -sS ${localOrigin()}/${server}/mcp`,
    `-H "Authorization: Bearer $(npm run --silent factory -- token ${server} ${signIn})"`,
    "-H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream'",
    `-d '${JSON.stringify(body)}'`,
  ].join(' ')
}

/** For a person: files, then commands. */
export function guidanceText({ files, test, call, diff, stack, resources, notes }: Guidance): string {
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
