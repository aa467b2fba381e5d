import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ConfigError } from '../model/config-error.ts'
import { SkillsetError } from '../model/skillset-declaration.ts'
import { PROJECT_ROOT } from './project-root.ts'

/**
 * The default export of a file that a person edits.
 * @param refuse makes the error of one line: file, line and column where they are known, and what Node said
 * @throws ConfigError, SkillsetError as the file itself threw them; else what `refuse` makes
 */
export async function importDefault(file: string, refuse: (problem: string) => Error): Promise<unknown> {
  try {
    return (await import(pathToFileURL(file).href)).default
  } catch (error) {
    if (error instanceof ConfigError || error instanceof SkillsetError) throw error
    const { message, stack = '' } = error instanceof Error ? error : { message: String(error) }
    const place = placeOf(message, stack) ?? [file]
    throw refuse([shown(place[0]), ...place.slice(1), ` ${withoutPaths(message)}`].join(':'))
  }
}

type Place = [file: string, ...lineAndColumn: number[]]

function placeOf(message: string, stack: string): Place | undefined {
  return placeOfSyntax(stack) ?? placeOfImport(message) ?? placeOfThrow(stack)
}

/** What does not parse: `file:line`, then lines of source of which the last is marked by `^`, then the error. */
function placeOfSyntax(stack: string): Place | undefined {
  const [, file, line, source = ''] = /^((?:file:\/\/)?\/[^\n]+):(\d+)\n((?:[^\n]*\n)*?)\n?\w*Error\b/.exec(stack) ?? []
  const column = source
    .split('\n')
    .find((each) => /^ *\^+$/.test(each))
    ?.indexOf('^')
  return file === undefined || column === undefined ? undefined : [pathOf(file), Number(line), column + 1]
}

/** An import of what is not there: Node names both files, the line is where the importing one names the other. */
function placeOfImport(message: string): Place | undefined {
  const [, missing = '', file] = /^Cannot find (?:module|package) '([^']+)' imported from (\S+)/.exec(message) ?? []
  if (file === undefined) return undefined
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries())
    for (const { 1: specifier = '', index: column } of line.matchAll(/['"]([^'"]+)['"]/g))
      if (specifier === missing || resolve(dirname(file), specifier) === missing) return [file, index + 1, column + 1]
  return [file]
}

/** What throws while it runs: the first frame that is a file. */
function placeOfThrow(stack: string): Place | undefined {
  const [, file, line, column] = /^ +at .*?(file:\/\/\S+?):(\d+):(\d+)\)?$/m.exec(stack) ?? []
  return file === undefined ? undefined : [pathOf(file), Number(line), Number(column)]
}

function pathOf(file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : file
}

/** Files of the project are named from its root. */
function shown(file: string): string {
  const path = relative(PROJECT_ROOT, file)
  return path.startsWith('..') ? file : path
}

function withoutPaths(message: string): string {
  return message.replace(/ imported from .*$/, '').replaceAll(`${PROJECT_ROOT}/`, '')
}
