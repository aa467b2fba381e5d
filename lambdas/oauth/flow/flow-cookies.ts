import { open, seal } from '../../tokens/sealing.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import type { CookieJar } from '../http/cookies.ts'
import { PageError } from '../http/errors.ts'
import type { Request } from '../http/request.ts'
import {
  type AccountFlow,
  type ApprovedFlow,
  FLOW_LIFETIME,
  flowStartedAt,
  isFlowId,
  type PendingFlow,
} from './flow.ts'

const PURPOSE = 'flow'
/** Flows that one browser may have open. */
const MOST_FLOWS = 3
/** Bytes of all flow cookies: API Gateway takes 10,240 of headers in total (PLATFORM 7). */
const MOST_BYTES = 7_000
/** Bytes of one: browsers take 4,096, name and attributes included. */
const LARGEST_COOKIE = 3_800

type Staged = { readonly consent: PendingFlow; readonly upstream: ApprovedFlow; readonly account: AccountFlow }

/**
 * Seals a flow into its cookie, and lets the oldest go where there are too many.
 * @returns `Set-Cookie` values
 * @throws PageError where the flow is larger than a cookie can be, KeysUnavailable
 */
export async function keepFlow<Stage extends keyof Staged>(
  { jar, keys, now: clock }: AuthorizationServer,
  request: Request,
  stage: Stage,
  flow: Staged[Stage],
): Promise<string[]> {
  const now = clock()
  const expiresAt = flowStartedAt(flow.id) + FLOW_LIFETIME
  const value = seal(flow, { purpose: PURPOSE, stage }, expiresAt, await keys.read(), now)
  if (value.length > LARGEST_COOKIE)
    throw new PageError('This request is too large', 'The application sent more than a browser can keep for it.')
  return [
    jar.set(cookieName(flow.id), value, Math.max(expiresAt - now, 1)),
    ...surplus(flow.id, value.length, request, jar).map((id) => jar.clear(cookieName(id))),
  ]
}

/** Opens a flow of this browser at one of these stages; undefined for any other, changed or expired. */
export async function openFlow<Stage extends keyof Staged>(
  { jar, keys, now }: AuthorizationServer,
  request: Request,
  stages: readonly Stage[],
  flowId: string,
): Promise<Staged[Stage] | undefined> {
  if (!isFlowId(flowId)) return undefined
  const sealed = request.cookie(jar.name(cookieName(flowId)))
  if (sealed === undefined) return undefined
  const flow = await keys.find((set) =>
    stages
      .map((stage) => open(sealed, { purpose: PURPOSE, stage }, set, now()) as Staged[Stage] | undefined)
      .find((opened) => opened !== undefined),
  )
  // A cookie that another flow's name was given to is no flow of ours.
  return flow?.id === flowId ? flow : undefined
}

/** Lets a flow go, at whatever stage it is. @returns the `Set-Cookie` value */
export function forgetFlow({ jar }: AuthorizationServer, flowId: string): string {
  return jar.clear(cookieName(flowId))
}

function cookieName(flowId: string): string {
  return `f.${flowId}`
}

/** The older flows of this browser that no longer fit beside the newest. */
function surplus(flowId: string, size: number, request: Request, jar: CookieJar): string[] {
  const prefix = jar.name(cookieName(''))
  const others = [...request.cookies]
    .filter(([name]) => name.startsWith(prefix) && isFlowId(name.slice(prefix.length)))
    .map(([name, value]) => ({ id: name.slice(prefix.length), size: value.length }))
    .filter(({ id }) => id !== flowId)
    .toSorted((one, other) => flowStartedAt(other.id) - flowStartedAt(one.id))
  let count = 1
  let bytes = size
  return others
    .filter((flow) => {
      count += 1
      bytes += flow.size
      return count > MOST_FLOWS || bytes > MOST_BYTES
    })
    .map(({ id }) => id)
}
