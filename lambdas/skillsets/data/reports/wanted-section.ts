import * as z from 'zod'
import { CHART_KINDS } from '../charts/chart-spec.ts'
import { sql } from '../schemas.ts'

const columnName = z.string().min(1).max(128)
const chart = z.strictObject({
  kind: z.enum(CHART_KINDS).optional(),
  x: columnName.optional(),
  y: columnName.optional(),
  series: columnName.optional(),
  title: z.string().max(200).optional(),
})

/** A section of a report, as somebody asks for it. */
export const wantedSection = z.strictObject({
  heading: z.string().trim().min(1).max(200),
  text: z.string().max(5_000).optional().describe('What the numbers say, in your words'),
  sql,
  units: z
    .record(columnName, z.string().max(20))
    .optional()
    .describe(
      'What columns of the answer are measured in, such as EUR, as describe_dataset says of what they are made of',
    ),
  chart: z
    .union([chart, z.literal(false)])
    .optional()
    .describe('Columns of the answer to draw, and how; absent: chosen from their types; false: none'),
})
export type WantedSection = z.output<typeof wantedSection>
