import { mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
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

function withJsonEntry(path: string, existing: string, { keys, text }: FileWay): string {
  const content = parseJson(existing)
  if (!isObject(content))
    throw new CommandFailure(
      `${path} is not plain JSON, perhaps for its comments, which would be lost: add this by hand.\n\n${text}`,
    )
  const last = keys.at(-1) ?? ''
  let target = content
  for (const key of keys.slice(0, -1)) {
    target[key] ??= {}
    const next = target[key]
    if (!isObject(next)) throw new CommandFailure(`${path}: ${key} is no object; it was left as it is.`)
    target = next
  }
  const entry = keys.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), parseJson(text))
  if (isDeepStrictEqual(target[last], entry)) return existing
  if (Object.hasOwn(target, last)) throw taken(path, keys, JSON.stringify(target[last]))
  target[last] = entry
  const [indentation = '  '] = /(?<=\n)[ \t]+/.exec(existing) ?? []
  return `${JSON.stringify(content, null, indentation)}${existing.endsWith('\n') ? '\n' : ''}`
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
