import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type QueryExecution,
  type ResultSet,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { untilAborted } from '../../../../runtime/until-aborted.ts'

/** Where a tenant's statements run. */
export interface Place {
  readonly client: AthenaClient
  readonly workgroup: string
  readonly database: string
}

/** Milliseconds between two looks at a statement: the first is soon, the later ones cost Athena's request rate. */
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 2_000
/** Milliseconds that an end waits for Athena to hear of it. */
const STOPPING = 1_000
const ENDED: readonly (string | undefined)[] = ['SUCCEEDED', 'FAILED', 'CANCELLED']
/** Athena's most rows of a page. */
const PAGE = 1_000

/**
 * Runs a statement until it has ended, one way or another. If the signal is aborted, it is stopped in Athena.
 * @throws the signal's reason, or what Athena refused the request with
 */
export async function execute(
  { client, workgroup, database }: Place,
  sql: string,
  signal: AbortSignal,
): Promise<QueryExecution> {
  signal.throwIfAborted()
  // Not given the signal: a request that is given up on its way may have started the statement all the same.
  const starting = client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      // One for all attempts of the SDK: a repeated request is the same execution.
      ClientRequestToken: randomUUID(),
      QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: database },
      WorkGroup: workgroup,
    }),
  )
  let ended = false
  try {
    const { QueryExecutionId } = await untilAborted(starting, signal)
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
      const { QueryExecution = {} } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }), {
        abortSignal: signal,
      })
      ended = ENDED.includes(QueryExecution.Status?.State)
      if (ended) return QueryExecution
      await wait(pause, undefined, { signal })
    }
  } finally {
    if (!ended) await stop(client, starting)
  }
}

/** Ends what may have been started; that Athena cannot be told, now, is no reason for another error. */
async function stop(client: AthenaClient, starting: Promise<{ QueryExecutionId?: string | undefined }>): Promise<void> {
  const stopped = starting
    .then(({ QueryExecutionId }) => client.send(new StopQueryExecutionCommand({ QueryExecutionId })))
    .catch(() => undefined)
  await Promise.race([stopped, wait(STOPPING, undefined, { ref: false })])
}

/**
 * The pages of a statement that has succeeded.
 * @param most rows that are wanted, with the row of column names
 */
export async function* resultPages(
  { client }: Place,
  QueryExecutionId: string | undefined,
  most: number,
  signal: AbortSignal,
): AsyncGenerator<ResultSet> {
  const pages = { client, pageSize: Math.min(most, PAGE) }
  for await (const page of paginateGetQueryResults(pages, { QueryExecutionId }, { abortSignal: signal }))
    yield page.ResultSet ?? {}
}
