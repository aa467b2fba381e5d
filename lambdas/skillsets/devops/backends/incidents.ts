import type { Fault } from './probe-fault.ts'
import { isoTime, type KeptProbe } from './probe-history.ts'

/** Failed probes in a row. Times are RFC 3339. */
export interface Incident {
  /** When the first of them was due. */
  readonly from: string
  /** When the next healthy one was due; absent where there is none yet. */
  readonly to?: string
  readonly failedProbes: number
  /** In the order of their first appearance. */
  readonly reasons: Fault[]
}

/** The incidents in a row of probes, oldest first. Only a healthy probe ends one: a gap in between says nothing. */
export function incidentsIn(probes: readonly KeptProbe[]): Incident[] {
  const incidents: Incident[] = []
  let failed: [KeptProbe, ...KeptProbe[]] | undefined
  for (const probe of probes) {
    if (probe.status !== 'healthy') failed = failed ? [...failed, probe] : [probe]
    else if (failed) {
      incidents.push({ ...incidentOf(failed), to: isoTime(probe.at) })
      failed = undefined
    }
  }
  return failed ? [...incidents, incidentOf(failed)] : incidents
}

function incidentOf(failed: readonly [KeptProbe, ...KeptProbe[]]): Incident {
  const reasons = failed.flatMap(({ reason }) => reason ?? [])
  return { from: isoTime(failed[0].at), failedProbes: failed.length, reasons: [...new Set(reasons)] }
}
