import type { Client } from 'pg'
import type { PostgresDataset } from '../../options.ts'
import type { Column } from '../../table.ts'
import type { QueryLimits } from '../engine.ts'
import { isServerError } from './failure.ts'
import { readQuery } from './session/read-query.ts'
import { qualified } from './table-name.ts'
import { fetchShape, kindOf } from './values/types.ts'

const SAMPLE: QueryLimits = { rows: 5, bytes: 100_000, milliseconds: 10_000 }

/** Columns as the catalog has them; what the config says of them goes before the database's own comments. */
export async function readColumns(client: Client, { table, columns: said }: PostgresDataset): Promise<Column[]> {
  const { rows } = await client.query<{ name: string; type: string; modifier: string; comment: string | null }>(
    `SELECT attname AS name, atttypid::int8 AS type, atttypmod AS modifier, col_description(attrelid, attnum) AS comment
     FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [qualified(table)],
  )
  const fields = rows.map(({ name, type, modifier }) => ({
    name,
    dataTypeID: Number(type),
    dataTypeModifier: Number(modifier),
  }))
  const { typeNames, types } = await fetchShape(client, fields)
  return fields.map(({ name, dataTypeID }, index) => {
    const comment = rows[index]?.comment ?? undefined
    return {
      name,
      type: typeNames[index] ?? 'unknown',
      kind: kindOf(dataTypeID, types),
      ...(comment !== undefined && { comment }),
      ...said[name],
    }
  })
}

/** The first rows in the order of the primary key, or as they lie where there is none. */
export async function readSample(client: Client, { table }: PostgresDataset) {
  const { rows } = await client.query<{ key: string | null }>(
    `SELECT string_agg(quote_ident(attname), ', ' ORDER BY array_position(indkey::int2[], attnum)) AS key
     FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
     WHERE indrelid = $1::regclass AND indisprimary`,
    [qualified(table)],
  )
  const order = rows[0]?.key ? ` ORDER BY ${rows[0].key}` : ''
  const { columns, rows: sample } = await readQuery(client, `SELECT * FROM ${qualified(table)}${order} LIMIT 5`, SAMPLE)
  return { columns, rows: sample }
}

/** Milliseconds after which counting is given up. */
const COUNTING_MS = 2_000

/**
 * The rows that this tenant sees, counted: the catalog's estimate is of all tenants' rows. Ends the transaction's use,
 * as a count that is given up fails it.
 */
export async function countRows(client: Client, { table }: PostgresDataset): Promise<number | undefined> {
  await client.query(`SET LOCAL statement_timeout = ${COUNTING_MS}`)
  try {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${qualified(table)}`)
    return Number(rows[0]?.count)
  } catch (error) {
    if (isServerError(error) && error.code === '57014') return undefined
    throw error
  }
}
