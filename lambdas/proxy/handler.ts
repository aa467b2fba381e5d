import { functionAudit } from '../audit/audit.ts'
import { powertoolsLog } from '../runtime/ability-log.ts'
import { fetchSecret } from '../runtime/fetch-secret.ts'
import { parseEnvironment } from './environment.ts'
import { proxyHandler } from './proxy.ts'

/** A proxy to an MCP server that exists elsewhere: wiring alone. */
export const handler = proxyHandler({
  environment: parseEnvironment(process.env),
  readSecret: fetchSecret,
  now: Date.now,
  openLog: powertoolsLog(),
  audit: functionAudit(),
})
