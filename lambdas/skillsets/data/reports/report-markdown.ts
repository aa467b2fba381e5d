import { codeBlock, escapeMarkdown, markdownTable } from './markdown.ts'
import { madeText, type Report, type ReportSection } from './report.ts'
import { summaryTable } from './summary-table.ts'

const MOST_ROWS = 50

/** A report as Markdown (GFM). What people and data say stands in it as text: it can bring no markup of its own. */
export function reportMarkdown(report: Report): string {
  const { title, introduction, sections } = report
  return `${[
    `# ${escapeMarkdown(oneLine(title))}`,
    `*${escapeMarkdown(madeText(report))}*`,
    ...(introduction === undefined ? [] : [escapeMarkdown(introduction)]),
    ...sections.flatMap(sectionParts),
  ].join('\n\n')}\n`
}

function sectionParts({ heading, text, sql, table, summary, chart, notes = [], failure }: ReportSection): string[] {
  return [
    `## ${escapeMarkdown(oneLine(heading))}`,
    ...(text === undefined ? [] : [escapeMarkdown(text)]),
    ...(failure === undefined
      ? []
      : [`**No answer** (${failure.code}): ${escapeMarkdown(`${failure.message} ${failure.hint}`)}`]),
    ...(chart === undefined ? [] : [`**Chart.** ${escapeMarkdown(chart.description)}`]),
    ...(table === undefined ? [] : [markdownTable(table, MOST_ROWS)]),
    ...notes.map((note) => `**Note.** ${escapeMarkdown(note)}`),
    ...(summary === undefined || (table?.rows.length ?? 0) < 2
      ? []
      : ['### Summary', markdownTable(summaryTable(summary), summary.length)]),
    codeBlock('sql', sql),
  ]
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
