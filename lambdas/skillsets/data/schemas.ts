import * as z from 'zod'
import { COLUMN_KINDS } from './table.ts'

/** Characters of a statement; a model writes no longer one, and each engine's parser takes it. */
const LONGEST_SQL = 20_000

export const sql = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST_SQL)
  .describe('One SELECT statement in the dialect that list_datasets names; nothing else is run')
export const datasetName = z.string().min(1).max(63).describe('A name that list_datasets gave')

export const columns = z
  .array(
    z.object({
      name: z.string(),
      type: z.string().describe("The engine's own name of the type"),
      kind: z.enum(COLUMN_KINDS),
      unit: z.string().optional(),
      comment: z.string().optional(),
    }),
  )
  .readonly()

/** A row's values stand in the order of the columns. */
export const rows = z
  .array(z.array(z.unknown()).readonly())
  .readonly()
  .describe(
    'Values in the order of the columns. Decimals and integers beyond 2^53 are text, so that no digit is lost; times are RFC 3339',
  )

/** A link that opens without signing in, until it expires. */
export const link = z.object({ url: z.url(), expiresAt: z.iso.datetime() })

export const dataset = z.object({ name: z.string(), title: z.string(), description: z.string() })
