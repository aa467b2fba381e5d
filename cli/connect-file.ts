import { mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { applyEdits, modify, type Node, type ParseError, parse, parseTree } from 'jsonc-parser'
import type { FileWay } from '../model/mcp-client.ts'
import { parseJson } from '../model/parse-json.ts'
import { CommandFailure } from './command-failure.ts'

export type Change = 'created' | 'added' | 'unchanged'

/**
 * Adds a server's entry to a client's file.
 * @throws CommandFailure where that would lose what is there; the file is then as it was
 */
export async function writeEntry(path: string, way: FileWay): Promise<Change> {
  const existing = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new CommandFailure(`${path} cannot be read: ${error.message}`)
  })
  const text = existing?.trim() ? withEntry(path, existing, way) : `${way.text}\n`
  if (text === existing) return 'unchanged'
  await replace(path, text, existing !== undefined)
  return existing === undefined ? 'created' : 'added'
}

/** The file's text with the entry; the same text where it is there already. @throws CommandFailure */
export function withEntry(path: string, existing: string, way: FileWay): string {
  return way.format === 'json' ? withJsonEntry(path, existing, way) : withTomlTable(path, existing, way)
}

/** Comments, numbers, repeated keys: all that is there stays as it is written. */
function withJsonEntry(path: string, existing: string, { keys, text }: FileWay): string {
  const errors: ParseError[] = []
  const root = parseTree(existing, errors, { allowTrailingComma: true })
  if (root?.type !== 'object' || errors.length > 0)
    throw new CommandFailure(
      `${path} holds no JSON object and was left as it is: mend it, or add this by hand.\n\n${text}`,
    )
  const entry = keys.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), parseJson(text))
  let found: Node | undefined = root
  for (const [depth, key] of keys.entries()) {
    if (found.type !== 'object')
      throw new CommandFailure(`${path}: ${keys.slice(0, depth).join('.')} is no object; it was left as it is.`)
    const properties: Node[] = (found.children ?? []).filter(({ children }) => children?.[0]?.value === key)
    if (properties.length > 1)
      throw new CommandFailure(`${path} has ${key} more than once and was left as it is: which one counts?`)
    found = properties[0]?.children?.[1]
    if (found === undefined) return inserted(existing, keys, entry)
  }
  const there = existing.slice(found.offset, found.offset + found.length)
  if (isDeepStrictEqual(parse(there), entry)) return existing
  throw taken(path, keys, there)
}

function inserted(existing: string, keys: readonly string[], entry: unknown): string {
  const [indentation = '  '] = /(?<=\n)[ \t]+/.exec(existing) ?? []
  const formattingOptions = {
    insertSpaces: !indentation.startsWith('\t'),
    tabSize: indentation.length,
    eol: existing.includes('\r\n') ? '\r\n' : '\n',
  }
  return applyEdits(existing, modify(existing, [...keys], entry, { formattingOptions }))
}

/** Appended only: nothing before it is touched. */
function withTomlTable(path: string, existing: string, { keys, text }: FileWay): string {
  const [table = '', name = ''] = keys
  const lines = existing.split('\n').map((line) => line.trim())
  const starts = [name, `"${name}"`, `'${name}'`].flatMap((each) => [`[${table}.${each}]`, `[${table}.${each}.`])
  const header = lines.findIndex((line) => starts.some((start) => line.replaceAll(' ', '').startsWith(start)))
  if (header !== -1) {
    const end = lines.findIndex((line, at) => at > header && line.startsWith('['))
    const body = lines.slice(header + 1, end === -1 ? undefined : end).filter((line) => line !== '')
    if (body.join('\n') === text.split('\n').slice(1).join('\n')) return existing
    throw taken(path, keys, body.join(', '))
  }
  if (lines.some((line) => line.startsWith(table) || line.replaceAll(' ', '') === `[${table}]`))
    throw new CommandFailure(
      `${path} writes ${table} in a way that a table cannot follow: add this by hand.\n\n${text}`,
    )
  return `${existing}${existing.endsWith('\n') ? '' : '\n'}\n${text}\n`
}

function taken(path: string, keys: readonly string[], found: string): CommandFailure {
  return new CommandFailure(
    `${path} has another ${keys.join('.')}, which was left as it is: ${found}\nRemove it, or give this server another name with --name.`,
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The whole file or nothing; what a link leads to, not the link; its mode is kept. */
async function replace(path: string, text: string, exists: boolean): Promise<void> {
  if (!exists) await mkdir(dirname(path), { recursive: true })
  const target = exists ? await realpath(path) : path
  const mode = exists ? (await stat(target)).mode : 0o644
  const unfinished = `${target}.${process.pid}`
  await writeFile(unfinished, text, { mode, flag: 'wx' })
  await rename(unfinished, target)
}
