import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const PROJECT_ROOT = join(import.meta.dirname, '../..')

export function readProjectFile(path: string): string {
  return readFileSync(join(PROJECT_ROOT, path), 'utf8')
}

/** The cells of every data row of a page's tables: neither headings nor the lines below them. */
export function tableRows(markdown: string): string[][] {
  const lines = markdown.split('\n')
  return lines
    .filter((line, at) => isRow(line) && !isRule(line) && !isRule(lines[at + 1] ?? ''))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    )
}

function isRow(line: string): boolean {
  return line.startsWith('|') && line.endsWith('|')
}

function isRule(line: string): boolean {
  return /^\|(?: *-+ *\|)+$/.test(line)
}

/** Folders and files that stand for the project's own in what is written between backticks. */
const PROJECT_PATH = /^(?:bench|bin|cli|docs|lambdas|lib|local|model|test)\/[\w./-]+$/

/** The project's files and folders that a text names between backticks. */
export function namedPaths(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code).filter((code) => PROJECT_PATH.test(code))
}

export interface NamedTest {
  readonly path: string
  readonly name: string
}

/**
 * The tests that a text names: between curly quotes, separated by commas, after the file they are in.
 * @throws Error for curly quotes anywhere else, which would name a test that nobody looks for
 */
export function namedTests(text: string): NamedTest[] {
  const tests: NamedTest[] = []
  const rest = text.replace(/`(test\/[\w./-]+\.ts)`((?:,? “[^”]+”)+)/g, (_all, path: string, names: string) => {
    for (const [, name = ''] of names.matchAll(/“([^”]+)”/g)) tests.push({ path, name })
    return ''
  })
  const stray = /“[^”]*”?/.exec(rest)
  if (stray) throw new Error(`no test file before ${stray[0]}`)
  return tests
}

/** Whether a test file has a test, a group or a case of that name: it opens a call's arguments, or a row of cases. */
export function hasTest(source: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`[(\\[]\\s*(['"\`])${escaped}\\1`).test(source)
}
