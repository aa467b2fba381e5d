import type { HeldGrant } from '../lambdas/store/holdings.ts'
import type { NotedSession } from '../lambdas/store/people.ts'
import type { Store } from '../lambdas/store/store.ts'

export interface ListedHoldings {
  readonly blocked: boolean
  readonly grants: readonly HeldGrant[]
  readonly browserSessions: readonly NotedSession[]
}

/** How much was ended. */
export interface Ended {
  readonly grants: number
  readonly browserSessions: number
}

/** What everybody has who signed in with an address. @param email in lower case, as everywhere here */
export async function listHoldings(store: Store, email: string): Promise<ListedHoldings> {
  const subs = await store.people.withEmail(email)
  const held = await Promise.all(subs.map((sub) => store.holdings.list(sub)))
  return {
    blocked: await store.denials.isBlocked(email),
    grants: held.flatMap(({ grants }) => grants),
    browserSessions: held.flatMap(({ browserSessions }) => browserSessions),
  }
}

export async function revokePerson(store: Store, email: string): Promise<Ended> {
  const { policy } = await store.factory()
  const { grants, browserSessions } = await listHoldings(store, email)
  for (const sub of await store.people.withEmail(email)) await store.holdings.endAll(sub, policy.lifetimes.accessToken)
  return { grants: grants.length, browserSessions: browserSessions.length }
}

/** The block comes first: whoever signs in meanwhile is refused from then on. */
export async function blockPerson(store: Store, email: string): Promise<Ended & { readonly blocked: true }> {
  await store.denials.block(email, await store.people.withEmail(email))
  return { blocked: true, ...(await revokePerson(store, email)) }
}

/**
 * Ends a block. An instance that had not heard of it for its first ten seconds may have let a sign-in through: what came
 * of that ends before the block does.
 */
export async function unblockPerson(
  store: Store,
  email: string,
): Promise<{ readonly blocked: false; readonly wasBlocked: boolean }> {
  const { policy } = await store.factory()
  if (!(await store.denials.isBlocked(email))) return { blocked: false, wasBlocked: false }
  await revokePerson(store, email)
  return { blocked: false, wasBlocked: await store.denials.unblock(email, policy.lifetimes.accessToken) }
}
