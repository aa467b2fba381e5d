import type * as z from 'zod'
import { describeIssues, shown } from './describe-issues.ts'

/** The config is wrong. The message has a line per wrong value: its path, what was found, what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  readonly problems: readonly string[]

  /** @param file which config it is, as whoever runs this named it */
  constructor(problems: readonly string[], file = 'factory.config.ts') {
    super([`${file} is wrong:`, ...problems.map((problem) => `  ${problem}`)].join('\n'))
    this.problems = problems
  }
}

/** One line per issue of a parse with `SAYING_WHAT_IS_ALLOWED`. A value is shown as JSON, cut at 80 characters. */
export function formatIssues(issues: readonly z.core.$ZodIssue[]): string[] {
  return describeIssues(issues, shown).map(({ path, text }) => `${path || '(the whole)'}: ${text}`)
}
