import { randomUUID } from 'node:crypto'
import type { AuditEvent } from '../lambdas/audit/catalogue.ts'
import type { Table } from '../lambdas/store/table.ts'

/** What administrators do at the command line. */
export type Act = Extract<AuditEvent, `person.${string}` | 'keys.rotation_requested'>

/** Performs an act that the factory table keeps a record of. What cannot be recorded is not done. */
export type AuditedAct = <Result>(
  act: Act,
  about: Readonly<Record<string, string>>,
  perform: () => Promise<Result>,
) => Promise<Result>

/** Seconds that a record is kept. */
const KEPT = 400 * 86_400

/**
 * @param by who acts, as AWS knows them
 * @param clock milliseconds since the epoch
 */
export function auditedActs(table: Pick<Table, 'put'>, by: () => Promise<string>, clock: () => number): AuditedAct {
  return async (act, about, perform) => {
    const now = clock()
    const [day = '', time = ''] = new Date(now).toISOString().split('T')
    const key = { pk: `AUDIT#${day}`, sk: `${time}#${randomUUID()}` }
    const facts = { audit: act, ...about, by: await by(), expiresAt: Math.floor(now / 1000) + KEPT }
    const record = (outcome: string) => table.put(key, { ...facts, outcome })
    await record('begun')
    try {
      const result = await perform()
      // It is done: where that cannot be recorded any more, its beginning was.
      await record('done').catch(() => undefined)
      return result
    } catch (error) {
      await record('failed').catch(() => undefined)
      throw error
    }
  }
}
