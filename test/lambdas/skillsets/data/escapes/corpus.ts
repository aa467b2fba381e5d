import type { EngineName, EscapeAttempt } from './attempt.ts'
import { disguises } from './disguises.ts'
import { outside } from './outside.ts'
import { sessions } from './sessions.ts'
import { tenants } from './tenants.ts'
import { writes } from './writes.ts'

/** Every attempt to escape, for every engine. */
export const corpus: readonly EscapeAttempt[] = [...writes, ...outside, ...sessions, ...disguises, ...tenants]

/** Those that say something to this engine. */
export function attemptsFor(engine: EngineName): readonly EscapeAttempt[] {
  return corpus.filter(({ engines }) => engines.includes(engine))
}
