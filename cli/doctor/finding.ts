/** Green: as it should be. Amber: could not be seen, or is up to you. Red: clients will fail, or are not safe. */
export type Level = 'green' | 'amber' | 'red'

export interface Verdict {
  readonly level: Level
  readonly seen: string
  /** What to do; absent where nothing is to be done. */
  readonly remedy?: string
}

/** One thing that is looked at: a pure judgement of what was recorded. */
export interface Check<Evidence> {
  /** Stable, for programs. */
  readonly id: string
  judge(evidence: Evidence): Verdict
}

export interface Finding extends Verdict {
  /** A URL: the issuer's or a server's. */
  readonly subject: string
  readonly check: string
}

export function green(seen: string): Verdict {
  return { level: 'green', seen }
}

export function amber(seen: string, remedy: string): Verdict {
  return { level: 'amber', seen, remedy }
}

export function red(seen: string, remedy: string): Verdict {
  return { level: 'red', seen, remedy }
}

/** Red with everything that is wrong, green where nothing is. */
export function unless(problems: readonly (string | false | undefined)[], seen: string, remedy: string): Verdict {
  const found = problems.filter((problem): problem is string => typeof problem === 'string')
  return found.length > 0 ? red(found.join('; '), remedy) : green(seen)
}

/** Every verdict of a table of checks. */
export function judged<Evidence>(
  subject: string,
  checks: readonly Check<Evidence>[],
  evidence: Evidence,
): readonly Finding[] {
  return checks.map(({ id, judge }) => ({ subject, check: id, ...judge(evidence) }))
}
