import { setTimeout } from 'node:timers/promises'
import type { Audit } from '../audit/audit.ts'
import type { Call } from './call-tool.ts'
import type { Admission } from './gate-context.ts'

/** What abilities are called for. */
type CallEvent = 'tool.called' | 'resource.read' | 'prompt.got' | 'argument.completed'

/** Milliseconds that an answer waits for the first key of an instance; then there is no digest. */
const LONGEST_WAIT = 250

/** What the events of a call are written with. */
export interface CallAudit {
  readonly audit: Audit
  /** Rejects where the key cannot be read. */
  readonly argumentDigest: (given: unknown) => Promise<string>
}

/** Who calls and under which grant, as every event of theirs says. */
export function auditedCaller({ person, grant }: Admission) {
  return { sub: person.id, email: person.email, tenant: person.tenant, client: person.clientId, grant }
}

/**
 * Begins the event of a call. What is returned writes it, with what came of the call; it never rejects.
 * @param given the arguments, of which a digest is made while the call runs
 */
export function auditCall(
  event: CallEvent,
  { audit, argumentDigest, admission, requestId, server, now, log }: Call<unknown>,
  name: string,
  given: unknown,
): (outcome: string, scope?: string) => Promise<void> {
  const startedAt = now()
  let digest: string | undefined
  const made = argumentDigest(given).then(
    (text) => {
      digest = text
    },
    (error: unknown) => log.warn('no digest of the arguments', { error }),
  )
  return async (outcome, scope) => {
    const durationMs = now() - startedAt
    if (digest === undefined) await Promise.race([made, setTimeout(LONGEST_WAIT, undefined, { ref: false })])
    const caller = auditedCaller(admission)
    audit(event, { requestId, ...caller, server, name, outcome, scope, durationMs, argumentDigest: digest })
  }
}
