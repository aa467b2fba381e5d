import type { Client, QueryArrayConfig } from 'pg'
import type { Value } from '../../../table.ts'
import type { QueryLimits, QueryResult } from '../../engine.ts'
import { RowCount, rowTooLarge } from '../../row-limits.ts'
import { decodeValue } from '../values/decode-value.ts'
import { fetchShape, kindOf } from '../values/types.ts'

const FIRST_BATCH = 100
const LARGEST_BATCH = 2_000
/** Bytes that a batch should have, going by the rows so far. */
const BATCH_BYTES = 1_000_000
/** Bytes that may be on the wire beyond what the answer needs: its last batch, and how values are written there. */
const WIRE_ALLOWANCE = 4_000_000

/**
 * Reads a query up to its limits, through a cursor: DECLARE takes nothing but a query that reads, by its grammar, and
 * rows beyond the limits are never asked for. The extended protocol takes one statement. For a cursor PostgreSQL starts
 * no parallel workers, so that one query has one processor at the most.
 * @throws AbilityError `too_much_data` where a single row is beyond the limits; the server's error
 */
export async function readQuery(client: Client, query: string, limits: QueryLimits): Promise<QueryResult> {
  const stopCounting = limitBytes(client, limits.bytes)
  try {
    await client.query(extended(`DECLARE reading NO SCROLL CURSOR FOR ${query}`))
    const first = await fetchRows(client, Math.min(FIRST_BATCH, limits.rows + 1))
    const { typeNames, types } = await fetchShape(client, first.fields)
    const columns = first.fields.map(({ name, dataTypeID }, index) => ({
      name,
      type: typeNames[index] ?? 'unknown',
      kind: kindOf(dataTypeID, types),
    }))
    const rows: Value[][] = []
    const count = new RowCount(limits)
    for (let batch = first.rows; batch.length > 0; ) {
      for (const texts of batch) {
        const row = texts.map((text, index) => decodeValue(text, first.fields[index]?.dataTypeID ?? 0, types))
        const cutBy = count.add(JSON.stringify(row))
        if (cutBy !== undefined) return { columns, rows, cutBy }
        rows.push(row)
      }
      const fitting = Math.ceil((BATCH_BYTES * count.rows) / count.bytes)
      batch = (await fetchRows(client, Math.min(fitting, LARGEST_BATCH, limits.rows + 1 - rows.length))).rows
    }
    return { columns, rows }
  } finally {
    stopCounting()
  }
}

/** The server's plan. Without costs: their estimates are made of statistics over all tenants' rows. */
export async function explainQuery(client: Client, query: string): Promise<string> {
  const { rows } = await client.query<[string]>(extended(`EXPLAIN (COSTS OFF) ${query}`))
  return rows.map(([line]) => line).join('\n')
}

const fetchRows = (client: Client, count: number) =>
  client.query<(string | null)[]>(extended(`FETCH ${count} FROM reading`))

/** `pg` takes the simple protocol, which would run several statements, where it is not told otherwise. */
function extended(text: string): QueryArrayConfig & { readonly queryMode: 'extended' } {
  return { text, rowMode: 'array', queryMode: 'extended' }
}

/** Ends the connection where far more arrives: one value can have a gigabyte, and is only seen once it is whole. */
function limitBytes({ connection: { stream } }: Client, bytes: number): () => void {
  const most = 2 * bytes + WIRE_ALLOWANCE
  let received = 0
  const count = (chunk: Buffer) => {
    received += chunk.length
    if (received > most) stream.destroy(rowTooLarge(bytes))
  }
  stream.on('data', count)
  return () => stream.off('data', count)
}
