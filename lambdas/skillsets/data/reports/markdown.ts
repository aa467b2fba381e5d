import type { Table } from '../table.ts'
import { cellText, headerText, isNumber } from './cell-text.ts'

/** Text that a reader of Markdown (GFM) sees as it is: no markup, link, table or heading of its own. */
export function escapeMarkdown(text: string): string {
  return withinLine(text).replace(
    /^(\s*)([#+=-]|\d+[.)])/gm,
    (_, space: string, mark: string) => `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}`,
  )
}

/** What begins no line begins no heading and no list. */
function withinLine(text: string): string {
  return text.replace(/[\\`*[\]<>|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&').replace(/&(?=#?\w+;)/g, '\\&')
}

/** @param most rows that are written; how many there are beyond is said below the table */
export function markdownTable({ columns, rows }: Table, most: number): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const more = rows.length - most
  return [
    line(columns.map((column) => withinLine(headerText(column)))),
    line(columns.map((column) => (isNumber(column) ? '---:' : '---'))),
    ...rows.slice(0, most).map((row) => line(row.map((value) => withinLine(cellText(value))))),
    ...(more > 0 ? ['', `${more.toLocaleString('en')} more ${more === 1 ? 'row' : 'rows'}.`] : []),
  ].join('\n')
}

/** Between fences longer than any in it. */
export function codeBlock(language: string, code: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${code.trim()}\n${fence}`
}
