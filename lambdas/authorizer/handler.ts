import { functionAudit } from '../audit/audit.ts'
import { jsonLog } from '../shell/json-log.ts'
import { authorizerHandler } from './authorize.ts'
import { parseEnvironment } from './environment.ts'
import { makeGate } from './gate.ts'
import { snapshotSource } from './snapshot-source.ts'
import { tableReader } from './table-reader.ts'

const { gate: identity, table } = parseEnvironment(process.env)
const snapshots = snapshotSource(tableReader(table, identity.serverName, Date.now), Date.now)
const log = jsonLog((line) => process.stdout.write(line), Date.now)

/** The gate in front of one MCP server: the Lambda authorizer of its REST API. */
export const handler = authorizerHandler(
  makeGate(identity, snapshots, Date.now),
  (level, message, fields) =>
    log(level, message, { service: process.env.POWERTOOLS_SERVICE_NAME, server: identity.serverName, ...fields }),
  functionAudit(),
  identity.serverName,
)
