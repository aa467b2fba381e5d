import type * as z from 'zod'

/** factory.config.ts is wrong. The message has a line per wrong value: its path, what was found, what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(['factory.config.ts is wrong:', ...problems.map((problem) => `  ${problem}`)].join('\n'))
    this.problems = problems
  }
}

/** One line per issue. A value is shown as JSON, cut at 80 characters. */
export function formatIssues(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.map((issue) => {
    const path = issue.path.length === 0 ? '(the whole)' : issue.path.map(String).join('.')
    return `${path}: found ${shown(issue.input)}; allowed: ${allowed(issue)}`
  })
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      // A schema's own words say more than its type.
      return issue.message.startsWith('Invalid input') ? `a value of type ${issue.expected}` : issue.message
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`
    case 'unrecognized_keys':
      return `no key ${issue.keys.join(', ')}`
    case 'too_small':
      return `at least ${issue.minimum}`
    case 'too_big':
      return `at most ${issue.maximum}`
    case 'invalid_key':
      return issue.issues.map((inner) => inner.message).join(', ')
    default:
      return issue.message
  }
}

/** A value as a message shows it: JSON, cut at 80 characters. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const json = JSON.stringify(value) ?? String(value)
  return json.length > 80 ? `${json.slice(0, 77)}...` : json
}
