import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { AbilityError } from '../../../runtime/ability-error.ts'
import type { DrawnChart } from '../charts/draw-chart.ts'
import type { QueryResult } from '../engines/engine.ts'
import { ask, cutNote, type ResultLimits } from '../limits/ask.ts'
import type { DataServices } from '../services.ts'
import type { Table } from '../table.ts'
import type { ReportSection } from './report.ts'
import { summarise } from './summarise.ts'
import type { WantedSection } from './wanted-section.ts'

/** A section as the report shows it, and its chart as an image. */
export interface AnsweredSection {
  readonly section: ReportSection
  readonly png?: Uint8Array
}

/**
 * Runs the query of a section and draws its chart. What fails is said in the section: the query, so that there is no
 * answer, or the chart alone.
 * @throws whatever ends the whole call
 */
export async function answerSection(
  { heading, text, sql, units, chart }: WantedSection,
  context: AbilityContext<DataServices>,
): Promise<AnsweredSection> {
  const asked = { heading, ...(text !== undefined && { text }), sql }
  try {
    const limits = ofOneSection(context.services.limits)
    const result = withUnits(await ask(context, sql, limits), units)
    if (result.columns.length > MOST_COLUMNS) throw tooWide(result.columns.length)
    const cut = cutNote(result, limits)
    const { drawn, png, note } = chart === false ? {} : await chartOf(result, chart)
    const notes = [cut, note].filter((each) => each !== undefined)
    const section = { ...asked, table: result, summary: summarise(result), notes, ...(drawn && { chart: drawn }) }
    return { section, ...(png && { png }) }
  } catch (error) {
    context.signal.throwIfAborted()
    return { section: { ...asked, failure: failureOf(error, context) } }
  }
}

/** An engine does not know what an expression is measured in; whoever wrote it does. */
function withUnits(result: QueryResult, units: WantedSection['units'] = {}): QueryResult {
  const columns = result.columns.map((column) => {
    const unit = Object.hasOwn(units, column.name) ? units[column.name] : undefined
    return unit === undefined ? column : { ...column, unit }
  })
  return { ...result, columns }
}

/** Nobody reads more rows on a page; and those of all sections are in memory at once. */
const MOST_ROWS = 10_000
const MOST_MEGABYTES = 4
/** Each cell of a page is some thirty bytes of HTML: thousands of columns would make a page that no browser opens. */
const MOST_COLUMNS = 100

function tooWide(columns: number): AbilityError {
  return new AbilityError(
    'too_much_data',
    `The answer has ${columns} columns; in a report it has at most ${MOST_COLUMNS}.`,
    'Name the columns that the report is about.',
  )
}

function ofOneSection({ resultRows, resultMegabytes }: ResultLimits): ResultLimits {
  return { resultRows: Math.min(resultRows, MOST_ROWS), resultMegabytes: Math.min(resultMegabytes, MOST_MEGABYTES) }
}

interface SectionChart {
  readonly drawn?: DrawnChart
  readonly png?: Uint8Array
  readonly note?: string
}

/** A chart that somebody asked for and that cannot be made is a note; one that was to be chosen just is not there. */
async function chartOf(table: Table, wanted: (WantedSection['chart'] & object) | undefined): Promise<SectionChart> {
  const { chooseChart } = await import('../charts/choose-chart.ts')
  const { drawChart } = await import('../charts/draw-chart.ts')
  const { renderPng } = await import('../charts/render-png.ts')
  try {
    const chosen = chooseChart(table, wanted)
    if (chosen === undefined) return {}
    const drawn = await drawChart(chosen)
    const { png, missing } = await renderPng(drawn.light)
    return { drawn, png, ...(missing !== '' && { note: `The chart's picture lacks these characters: ${missing}` }) }
  } catch (error) {
    if (!(error instanceof AbilityError)) throw error
    return wanted === undefined ? {} : { note: `${error.message} ${error.hint}` }
  }
}

function failureOf(error: unknown, { log }: AbilityContext<DataServices>): NonNullable<ReportSection['failure']> {
  if (error instanceof AbilityError) return { code: error.code, message: error.message, hint: error.hint }
  log.error('a section of a report failed', { error })
  return { code: 'internal_error', message: 'The query failed.', hint: 'Try again later.' }
}
