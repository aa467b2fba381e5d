import { styleText } from 'node:util'
import type { Finding, Level } from './finding.ts'

const COLOURS = { green: 'green', amber: 'yellow', red: 'red' } as const
/** The worst first. */
const LEVELS: readonly Level[] = ['red', 'amber', 'green']

/** Of others' text: what moves a terminal's cursor, begins a line that nobody wrote, or changes a window's title. */
const CONTROLS = /\p{Cc}+/gu

/** How many findings there are of each level. */
export function countLevels(findings: readonly Finding[]): Readonly<Record<Level, number>> {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length
  return { red: count('red'), amber: count('amber'), green: count('green') }
}

/** The findings for a person in a hurry: by subject, the worst first, what to do below; the sum at the end. */
export function report(findings: readonly Finding[], stream: NodeJS.WritableStream): string {
  const subjects = [...new Set(findings.map(({ subject }) => subject))]
  const width = Math.max(...findings.map(({ check }) => check.length))
  const lines = subjects.flatMap((subject) => [
    '',
    styleText('bold', subject, { stream }),
    ...LEVELS.flatMap((level) => findings.filter((each) => each.subject === subject && each.level === level)).flatMap(
      ({ level, check, seen, remedy }) => [
        `  ${styleText(COLOURS[level], level.padEnd(5), { stream })}  ${check.padEnd(width)}  ${seen.replace(CONTROLS, '\uFFFD')}`,
        ...(remedy === undefined ? [] : [`${' '.repeat(width + 11)}-> ${remedy.replace(CONTROLS, '\uFFFD')}`]),
      ],
    ),
  ])
  const counts = countLevels(findings)
  const sum = LEVELS.map((level) => `${counts[level]} ${level}`).join(', ')
  const worst = LEVELS.find((level) => counts[level] > 0) ?? 'green'
  return `${[...lines, '', styleText(COLOURS[worst], sum, { stream })].join('\n')}\n`
}
