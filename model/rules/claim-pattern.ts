import safeRegex from 'safe-regex2'

/** Characters. */
const LONGEST_PATTERN = 200

/**
 * Whether a `matches` pattern may stand in a rule: a regular expression (`u`), short, and without the two forms that
 * take exponential time, repeated repetitions and repeated alternatives. A claim's text may be the person's own
 * choosing, and every gate evaluates the rule at every call, so this is checked wherever a rule comes in: at synth and
 * by the registrar.
 */
export function isUsablePattern(pattern: string): boolean {
  if (pattern.length > LONGEST_PATTERN) return false
  try {
    return safeRegex(new RegExp(pattern, 'u')) && !repeatsAlternatives(pattern)
  } catch {
    return false
  }
}

/** `(a|a)*`: each further character doubles the ways to match. `safe-regex2` looks at repetitions alone. */
function repeatsAlternatives(pattern: string): boolean {
  let rest = pattern.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/gu, '')
  for (;;) {
    const [group, inside = '', repetition] = /\(([^()]*)\)([*+{]?)/.exec(rest) ?? []
    if (group === undefined) return false
    if (repetition !== '' && inside.includes('|')) return true
    // What contains the group contains its alternatives.
    rest = rest.replace(group, () => inside)
  }
}
