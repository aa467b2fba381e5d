import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditedAct } from './audited-act.ts'

/** Has every act that was performed stand in the logs of the factory that runs here, whose board then shows it. */
export function toldActs(audited: AuditedAct, logs: string): AuditedAct {
  return async (act, about, perform) => {
    const result = await audited(act, about, perform)
    const line = { message: act, service: 'command-line', timestamp: new Date().toISOString(), ...about }
    appendFileSync(join(logs, 'command-line.log'), `${JSON.stringify(line)}\n`, { mode: 0o600 })
    return result
  }
}
