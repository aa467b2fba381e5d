import type { AuditEvent, AuditFields } from './catalogue.ts'

/** Writes one audit event. It never throws and never waits: no request fails or is slower because of it. */
export type Audit = <Event extends AuditEvent>(event: Event, fields: AuditFields<Event>) => void

/** Characters of a text, of which callers choose many. */
const LONGEST_TEXT = 512
/** Texts of a list. */
const LONGEST_LIST = 32

/**
 * @param write takes one line, its end included
 * @param clock milliseconds since the epoch
 * @param about the function's name, and the value of `_X_AMZN_TRACE_ID` at this moment
 */
export function openAudit(
  write: (line: string) => void,
  clock: () => number,
  about: () => { readonly service: string | undefined; readonly trace: string | undefined },
): Audit {
  return (event, fields) => {
    try {
      const { service, trace } = about()
      const timestamp = new Date(clock()).toISOString()
      // `Root=1-…;Parent=…;Sampled=…`
      const traceId = /Root=([^;]+)/.exec(trace ?? '')?.[1]
      write(`${JSON.stringify({ ...fields, audit: event, level: 'INFO', timestamp, service, traceId }, bounded)}\n`)
    } catch {
      // The request matters more than its record.
    }
  }
}

/** The audit of the function that this runs in: lines of its log, beside whatever else is logged there. */
export function functionAudit(): Audit {
  return openAudit(
    (line) => process.stdout.write(line),
    Date.now,
    () => ({ service: process.env.POWERTOOLS_SERVICE_NAME, trace: process.env._X_AMZN_TRACE_ID }),
  )
}

/** Of what is no text, number or list of texts, its type alone: nothing unforeseen is written, or makes a line fail. */
function bounded(name: string, value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, LONGEST_TEXT)
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST)
  const isWhole = name === ''
  return isWhole || typeof value === 'number' || value === undefined ? value : typeof value
}
