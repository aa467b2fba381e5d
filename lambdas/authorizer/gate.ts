import { parseAccessToken, type VerifiedToken, verifyAccessToken } from './access-token.ts'
import { type Decision, decide } from './decide.ts'
import type { GateIdentity } from './environment.ts'
import type { RequestFacts } from './request-facts.ts'
import type { Snapshot } from './snapshot.ts'
import type { SnapshotSource } from './snapshot-source.ts'
import { VerifiedTokens } from './verified-tokens.ts'

/** What came of a request, and whose token it bore; `token` is present only when its signature is ours. */
export interface Judgement {
  readonly decision: Decision
  readonly token?: VerifiedToken
}

/** Judges one request. Rejects with SnapshotUnavailable where nothing can be decided. */
export type Gate = (request: RequestFacts) => Promise<Judgement>

const REMEMBERED_TOKENS = 1_000

/**
 * The gate in front of one server.
 * @param clock milliseconds since the epoch
 */
export function makeGate(identity: GateIdentity, snapshots: SnapshotSource, clock: () => number): Gate {
  const verifiedTokens = new VerifiedTokens(REMEMBERED_TOKENS)

  return async (request) => {
    if ('refused' in request.bearer) return unauthorized('token', request.bearer.refused)
    const { token } = request.bearer
    const remembered = verifiedTokens.get(token)
    if (remembered !== undefined) return judged(remembered, await snapshots.current(), request)

    // Before the table is asked for anything: what is not a token of ours costs nobody a reading.
    const parsed = parseAccessToken(token)
    if ('refused' in parsed) return unauthorized('token', parsed.refused)
    let snapshot = await snapshots.current()
    if (!snapshot.keys.has(parsed.kid)) snapshot = await snapshots.currentForUnknownKey()
    const key = snapshot.keys.get(parsed.kid)
    if (key === undefined) return unauthorized('key', `no key ${parsed.kid}`)
    const verified = verifyAccessToken(parsed, key.key)
    if ('refused' in verified) return unauthorized('token', verified.refused)
    verifiedTokens.add(token, verified)
    return judged(verified, snapshot, request)
  }

  function judged(token: VerifiedToken, snapshot: Snapshot, request: RequestFacts): Judgement {
    return { token, decision: decide(token, snapshot, request, identity, Math.floor(clock() / 1000)) }
  }
}

function unauthorized(rule: string, detail: string): Judgement {
  return { decision: { outcome: 'unauthorized', reason: { rule, detail } } }
}
