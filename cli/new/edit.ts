/** A file with lines added, and which those are, counted from 1. */
export interface Edit {
  readonly source: string
  readonly lines: readonly number[]
}

const WIDEST_LINE = 120
const IDENTIFIERS = /^[\w$]+(?:, [\w$]+)*$/

/**
 * Adds an ability to a `skillset.ts`: its import in the order of the files, its name at the end of the list. Knows the
 * one form that the formatter gives them, and nothing else.
 * @returns undefined where the file looks otherwise
 */
export function addAbility(source: string, identifier: string, file: string): Edit | undefined {
  const lines = source.split('\n')
  const list = findList(lines)
  const at = placeOfImport(lines, file)
  if (list === undefined || at === undefined || list.start < at) return undefined
  const names = [...list.names, identifier]
  const oneLine = `  abilities: [${names.join(', ')}],`
  const written =
    oneLine.length <= WIDEST_LINE ? [oneLine] : ['  abilities: [', ...names.map((name) => `    ${name},`), '  ],']
  lines.splice(list.start, list.length, ...written)
  lines.splice(at, 0, `import { ${identifier} } from './abilities/${file}.ts'`)
  // One further line stands above the list by now.
  const listed = list.start + 1 + (written.length === 1 ? 0 : names.length)
  return { source: lines.join('\n'), lines: [at + 1, listed + 1] }
}

function findList(lines: readonly string[]): { start: number; length: number; names: string[] } | undefined {
  const [start, ...others] = indexesOf(lines, /^ {2}abilities: \[/)
  if (start === undefined || others.length > 0) return undefined
  const inOneLine = /^ {2}abilities: \[(.+)\],$/.exec(lines[start] ?? '')?.[1]
  if (inOneLine !== undefined)
    return IDENTIFIERS.test(inOneLine) ? { start, length: 1, names: inOneLine.split(', ') } : undefined
  if (lines[start] !== '  abilities: [') return undefined
  const end = lines.indexOf('  ],', start)
  const names = lines.slice(start + 1, end).map((line) => /^ {4}([\w$]+),$/.exec(line)?.[1])
  if (end === -1 || !names.every((name) => name !== undefined)) return undefined
  return { start, length: end - start + 1, names }
}

/** Among the imports of abilities, in the formatter's order. */
function placeOfImport(lines: readonly string[], file: string): number | undefined {
  const imports = indexesOf(lines, /^import \{ [\w$, ]+ \} from '\.\/abilities\/[\w-]+\.ts'$/)
  const { compare } = new Intl.Collator('en', { numeric: true })
  const fileAt = (at: number) => /abilities\/(.+)'$/.exec(lines[at] ?? '')?.[1] ?? ''
  const last = imports.at(-1)
  if (last === undefined) return undefined
  return imports.find((at) => compare(fileAt(at), `${file}.ts`) > 0) ?? last + 1
}

/** How factory.config.ts names a server that serves the skillset of its own name. */
export function serverEntry(name: string): string {
  return `${/^[a-z][a-z0-9]*$/.test(name) ? name : `'${name}'`}: { skillset: '${name}' },`
}

/**
 * Adds a server to the end of `servers` in a factory.config.ts.
 * @returns undefined where the file does not have `servers` as the formatter writes it
 */
export function addServer(source: string, name: string): Edit | undefined {
  const lines = source.split('\n')
  const [start, ...others] = indexesOf(lines, /^ {2}servers: \{$/)
  if (start === undefined || others.length > 0) return undefined
  const end = lines.indexOf('  },', start)
  if (end === -1 || !lines.slice(start + 1, end).every((line) => /^(?: {4}.*)?$/.test(line))) return undefined
  lines.splice(end, 0, `    ${serverEntry(name)}`)
  return { source: lines.join('\n'), lines: [end + 1] }
}

function indexesOf(lines: readonly string[], pattern: RegExp): number[] {
  return lines.flatMap((line, at) => (pattern.test(line) ? [at] : []))
}
