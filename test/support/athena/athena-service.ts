import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Caller, Callers } from '../../../local/aws-endpoint.ts'
import type { Principal } from '../../../local/iam.ts'
import { ACCOUNT, REGION } from '../../../local/resource-types.ts'
import { AthenaDatabase, type AthenaRows, StatementError } from './athena-database.ts'
import { column } from './athena-text.ts'
import { type Fault, type Input, invalidRequest, ServiceError, serveJson } from './json-service.ts'
import { type LocationOf, neededFor, statementKind } from './permissions.ts'

export interface Workgroup {
  readonly scannedBytesCutoff: number
}

export interface AthenaServiceOptions {
  /** SQL that makes the tables, in schemas of `awsdatacatalog`. */
  readonly tables: string
  readonly callers: Callers
  readonly workgroups: Readonly<Record<string, Workgroup>>
  readonly locationOf: LocationOf
}

interface Execution {
  readonly id: string
  readonly sql: string
  readonly database: string
  readonly workgroup: string
  readonly token: string
  readonly kind: ReturnType<typeof statementKind>
  state: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED'
  reason?: string
  error?: { ErrorCategory: number; ErrorType: number; Retryable: boolean; ErrorMessage: string }
  scannedBytes: number
  result?: AthenaRows
}

/**
 * Athena by its wire protocol, as far as an engine uses it. Shapes and words are those of AWS's documentation and of what
 * others have measured at the real service (engine version 3): the row of names, a row per line of EXPLAIN, `{}` for NULL,
 * the text of each type, error bodies. What a statement answers, DuckDB computes; who may read what is decided by the
 * caller's policies, as Athena has it: `glue:` for the catalog, `s3:` for the files.
 */
export class AthenaService {
  readonly faults: Fault[] = []
  /** Milliseconds that each statement runs. */
  running = 0
  /** What changed data or structure, or wrote files, because the role let it. */
  readonly writes: string[] = []
  private readonly executions = new Map<string, Execution>()
  private readonly database: AthenaDatabase
  private readonly workgroups: AthenaServiceOptions['workgroups']
  private readonly locationOf: LocationOf
  private server: Awaited<ReturnType<typeof serveJson>> | undefined

  private constructor(database: AthenaDatabase, { workgroups, locationOf }: AthenaServiceOptions) {
    this.database = database
    this.workgroups = workgroups
    this.locationOf = locationOf
  }

  static async start(options: AthenaServiceOptions): Promise<AthenaService> {
    const service = new AthenaService(await AthenaDatabase.open(options.tables), options)
    service.server = await serveJson('athena', options.callers, service.faults, (...call) => service.answer(...call))
    return service
  }

  get url(): string {
    return this.server?.url ?? ''
  }

  async close(): Promise<void> {
    await this.server?.close()
  }

  /** Statements in the order in which they came, with what became of them. */
  get history(): readonly Pick<Execution, 'sql' | 'state' | 'database' | 'workgroup' | 'kind'>[] {
    return [...this.executions.values()]
  }

  private async answer(operation: string, input: Input, { principal }: Caller): Promise<object> {
    const execution = operation === 'StartQueryExecution' ? undefined : this.find(`${input.QueryExecutionId}`)
    const workgroup = execution?.workgroup ?? `${input.WorkGroup ?? 'primary'}`
    authorize(principal, `athena:${operation}`, `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/${workgroup}`)
    if (execution === undefined) return this.start(input, workgroup, principal)
    switch (operation) {
      case 'GetQueryExecution':
        return { QueryExecution: described(execution) }
      case 'GetQueryResults':
        return resultsOf(execution, input)
      case 'StopQueryExecution':
        if (isOpen(execution)) end(execution, 'CANCELLED', 'Query cancelled by user')
        return {}
      default:
        throw new ServiceError({ __type: 'UnknownOperationException' })
    }
  }

  private find(id: string): Execution {
    const execution = this.executions.get(id)
    if (execution) return execution
    throw invalidRequest('QUERY_EXECUTION_NOT_FOUND', `QueryExecution ${id} was not found`)
  }

  private async start(input: Input, workgroup: string, principal: Principal): Promise<object> {
    const token = `${input.ClientRequestToken ?? ''}`
    if (token.length < 32)
      throw invalidRequest(
        'INVALID_INPUT',
        "1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length greater than or equal to 32",
      )
    if (!Object.hasOwn(this.workgroups, workgroup)) throw invalidRequest('INVALID_INPUT', 'WorkGroup is not found.')
    const sql = `${input.QueryString}`
    const { Database = 'default' } = (input.QueryExecutionContext ?? {}) as { Database?: string }
    const known = [...this.executions.values()].find((each) => each.token === token)
    if (known && (known.sql !== sql || known.database !== Database))
      throw invalidRequest('IDEMPOTENT_PARAMETER_MISMATCH', 'Idempotent parameters do not match')
    if (known) return { QueryExecutionId: known.id }

    const kind = statementKind(sql)
    if (kind.reads)
      await this.database.parse(kind.statement).catch((error: StatementError) => {
        throw invalidRequest('MALFORMED_QUERY', error.message)
      })
    const id = randomUUID()
    const execution: Execution = {
      id,
      sql,
      database: Database,
      workgroup,
      token,
      kind,
      state: 'QUEUED',
      scannedBytes: 0,
    }
    this.executions.set(id, execution)
    void this.run(execution, principal).catch((error: unknown) => {
      if (isOpen(execution)) fail(execution, error)
    })
    return { QueryExecutionId: id }
  }

  private async run(execution: Execution, principal: Principal): Promise<void> {
    const { kind, database, workgroup, sql } = execution
    const tables = kind.reads ? await this.database.tablesOf(kind.statement, database) : []
    for (const [action, resource] of neededFor(kind, tables, database, this.locationOf))
      permit(principal, action, resource)
    execution.state = 'RUNNING'
    await wait(this.running)
    if (!isOpen(execution)) return
    if (!kind.reads) this.writes.push(sql)
    else if (kind.substatement === 'EXPLAIN') execution.result = await this.plan(execution, tables)
    else {
      const sizes = await Promise.all(tables.map((table) => this.database.bytesOf(table).catch(() => 0)))
      const cutoff = this.workgroups[workgroup]?.scannedBytesCutoff ?? 0
      execution.scannedBytes = sizes.reduce((sum, size) => sum + size, 0)
      if (execution.scannedBytes > cutoff) return end(execution, 'CANCELLED', 'Bytes scanned limit was exceeded')
      execution.result = await this.database.query(kind.statement, database)
    }
    end(execution, 'SUCCEEDED')
  }

  /** A row per line, and an empty one: Athena adds a line feed to the plan and splits it. */
  private async plan(
    { kind, database }: Execution,
    tables: Awaited<ReturnType<AthenaDatabase['tablesOf']>>,
  ): Promise<AthenaRows> {
    // What cannot be planned fails here as it would there.
    await this.database.query(`EXPLAIN ${kind.statement}`, database)
    const reads = tables.map(({ catalog, schema, table }) => ({
      table: { catalog, schemaTable: { schema, table } },
      constraint: { none: false, columnConstraints: [] },
      estimate: { outputRowCount: 'NaN', outputSizeInBytes: 'NaN', cpuCost: 'NaN', maxMemory: 0, networkCost: 0 },
    }))
    const text = /TYPE IO/i.test(kind.options)
      ? JSON.stringify({ inputTableColumnInfos: reads, estimate: {} }, undefined, 2)
      : `Fragment 0 [SOURCE]\n${tables.map(({ catalog, schema, table }) => `    TableScan[table = ${catalog}:${schema}:${table}]`).join('\n')}\n\n`
    const lines = `${text}\n`.split('\n')
    return { columns: [column('Query Plan', 'varchar', text.length)], rows: lines.map((line) => [line]) }
  }
}

function authorize(principal: Principal, action: string, resource: string): void {
  if (principal.decide(action, resource) === 'allowed') return
  throw new ServiceError({
    __type: 'AccessDeniedException',
    Message: `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  })
}

function permit(principal: Principal, action: string, resource: string): void {
  if (principal.decide(action, resource) === 'allowed') return
  throw new StatementError(
    `Insufficient permissions to execute the query. User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`,
    1100,
  )
}

const isOpen = ({ state }: Execution) => state === 'QUEUED' || state === 'RUNNING'

function end(execution: Execution, state: Execution['state'], reason?: string): void {
  execution.state = state
  if (reason !== undefined) execution.reason = reason
}

function fail(execution: Execution, error: unknown): void {
  const isTheirs = error instanceof StatementError
  const ErrorMessage = isTheirs ? error.message : `GENERIC_INTERNAL_ERROR: ${error}`
  end(execution, 'FAILED', ErrorMessage)
  const [ErrorCategory, ErrorType] = isTheirs ? [2, error.errorType] : [1, 200]
  execution.error = { ErrorCategory, ErrorType, Retryable: false, ErrorMessage }
}

function described({ id, sql, database, workgroup, kind, state, reason, error, scannedBytes }: Execution): object {
  return {
    QueryExecutionId: id,
    Query: sql,
    StatementType: kind.type,
    SubstatementType: kind.substatement,
    QueryExecutionContext: { Catalog: 'awsdatacatalog', Database: database },
    Status: { State: state, StateChangeReason: reason, AthenaError: error, SubmissionDateTime: Date.now() / 1000 },
    Statistics: { DataScannedInBytes: scannedBytes, EngineExecutionTimeInMillis: 1 },
    WorkGroup: workgroup,
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
  }
}

/** The whole result with its first row of names, by pages. */
function resultsOf(execution: Execution, { MaxResults = 1000, NextToken }: Input): object {
  const { id, state, result = { columns: [], rows: [] } } = execution
  if (Number(MaxResults) > 1000)
    throw invalidRequest('INVALID_INPUT', 'MaxResults is more than maximum allowed length 1000')
  if (isOpen(execution))
    throw invalidRequest('INVALID_QUERY_EXECUTION_STATE', `Query has not yet finished. Current state: ${state}`)
  if (state === 'CANCELLED') throw invalidRequest('RESULT_NOT_FOUND', 'Could not find results')
  if (state === 'FAILED')
    throw invalidRequest(
      'INVALID_QUERY_EXECUTION_STATE',
      'Query did not finish successfully. Final query state: FAILED',
    )
  const [of, offset] = NextToken === undefined ? [id, '0'] : `${NextToken}`.split('#')
  if (of !== id || !/^\d+$/.test(offset ?? ''))
    throw invalidRequest('INVALID_INPUT', `Malformed nextPageToken ${NextToken}`)
  const from = Number(offset)
  const until = from + Number(MaxResults)
  const all = [result.columns.map(({ Name }) => Name), ...result.rows]
  return {
    UpdateCount: 0,
    ...(until < all.length && { NextToken: `${id}#${until}` }),
    ResultSet: {
      ResultSetMetadata: { ColumnInfo: result.columns },
      Rows: all.slice(from, until).map((row) => ({
        Data: row.map((text) => (text === undefined ? {} : { VarCharValue: text })),
      })),
    },
  }
}
