import { expect } from 'vitest'
import { openAudit } from '../../../lambdas/audit/audit.ts'
import { AUDIT_EVENTS } from '../../../lambdas/audit/catalogue.ts'

export type Recorded = Readonly<Record<string, unknown>> & { readonly audit: string }

const catalogue: Readonly<Record<string, { readonly fields: readonly string[] }>> = AUDIT_EVENTS
const COMMON = ['audit', 'level', 'timestamp', 'service', 'traceId']

/** Every event that was written in this test file. */
export const seen = new Set<string>()

/** The real writer, and what it has written since `begin`. */
export function recorder() {
  let events: Recorded[] = []
  const audit = openAudit(
    (line) => events.push(JSON.parse(line)),
    Date.now,
    () => ({ service: 'test', trace: undefined }),
  )
  const begin = () => {
    events = []
  }
  return { audit, begin, recorded: () => events }
}

/** The events' names, each as the catalogue promises it: all of its fields and no other. */
export function namesOf(events: readonly Recorded[]): string[] {
  return events.map((event) => {
    const { audit, ...fields } = event
    const promised = catalogue[audit]?.fields ?? expect.fail(`${audit} is not in the catalogue`)
    const names = Object.keys(fields).filter((name) => !COMMON.includes(name) && fields[name] !== undefined)
    const allowed = promised.map((field) => field.replace('?', ''))
    expect(allowed, audit).toEqual(expect.arrayContaining(names))
    const always = promised.filter((field) => !field.endsWith('?'))
    expect(names, audit).toEqual(expect.arrayContaining(always))
    seen.add(audit)
    return audit
  })
}
