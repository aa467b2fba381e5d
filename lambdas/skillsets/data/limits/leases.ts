import { type TenantKey, tenantKey } from '../../../../model/tenant-key.ts'
import type { Caller } from '../../../runtime/ability-context.ts'
import { AbilityError } from '../../../runtime/ability-error.ts'
import type { Table } from '../../../runtime/table.ts'

export interface LeaseLimits {
  /** Statements that run at once. */
  readonly queriesPerPerson: number
  readonly queriesPerTenant: number
  /** Seconds that one may run. */
  readonly seconds: number
}

/** Seconds that a statement may take beyond its own to be ended, and its lease to be given back. */
const GRACE = 30

/**
 * How many statements run at once, over all instances of the function: a person and a tenant have so many places, and
 * each is an item of the table that one conditional write takes. The place of an instance that died is free again when
 * its statement would have been ended.
 */
export class Leases {
  readonly #table: Table
  readonly #limits: LeaseLimits
  readonly #now: () => number

  /** @param now milliseconds since the epoch */
  constructor(table: Table, limits: LeaseLimits, now: () => number) {
    this.#table = table
    this.#limits = limits
    this.#now = now
  }

  /**
   * Runs something in a place of its person and of its tenant: two writes before and two deletions after, as long as the
   * places that are tried first are free.
   * @throws AbilityError `too_many_queries` where all are taken, and what `run` throws
   */
  async during<Result>({ id, tenant }: Pick<Caller, 'id' | 'tenant'>, run: () => Promise<Result>): Promise<Result> {
    const { queriesPerPerson, queriesPerTenant } = this.#limits
    const partition = tenantKey(tenant, 'queries')
    const [ofPerson, ofTenant] = await Promise.allSettled([
      this.#take(partition, `PERSON#${id}`, queriesPerPerson),
      this.#take(partition, 'TENANT', queriesPerTenant),
    ])
    const taken = [ofPerson, ofTenant].flatMap((place) => (place.status === 'fulfilled' ? (place.value ?? []) : []))
    try {
      if (fulfilled(ofPerson) === undefined) throw tooMany(`${queriesPerPerson} of your queries`)
      if (fulfilled(ofTenant) === undefined) throw tooMany(`${queriesPerTenant} queries of your organisation`)
      return await run()
    } finally {
      // A place that cannot be given back ends by itself: no reason to withhold the answer.
      await Promise.allSettled(taken.map((place) => this.#table.delete(partition, place)))
    }
  }

  /** The sort key of the place that was free; tried from a random one on, so that callers meet seldom. */
  async #take(partition: TenantKey, whose: string, places: number): Promise<string | undefined> {
    const expiresAt = Math.ceil(this.#now() / 1000) + this.#limits.seconds + GRACE
    const first = Math.floor(Math.random() * places)
    for (let tried = 0; tried < places; tried++) {
      const place = `${whose}#${(first + tried) % places}`
      if (await this.#table.create(partition, place, {}, { expiresAt })) return place
    }
    return undefined
  }
}

function fulfilled<Value>(settled: PromiseSettledResult<Value>): Value {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}

function tooMany(running: string): AbilityError {
  return new AbilityError(
    'too_many_queries',
    `${running} are running.`,
    'Wait until one of them ends, then call again; ask several things by one statement rather than by many at once.',
  )
}
