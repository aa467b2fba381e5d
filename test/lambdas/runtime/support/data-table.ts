import { Table } from '../../../../lambdas/runtime/table.ts'
import { startLocalTable } from '../../store/local-table.ts'

/** A server's data table in a dynalite of its own. */
export async function dataTable(now: () => number = Date.now) {
  const { client, endpoint, close } = await startLocalTable({}, 'data')
  return { endpoint, client, table: new Table(client, 'data', now), close }
}
