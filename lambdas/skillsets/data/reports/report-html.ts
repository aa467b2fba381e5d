import { Markup, markup } from '../../../../model/markup.ts'
import type { DrawnChart } from '../charts/draw-chart.ts'
import type { Column, Table, Value } from '../table.ts'
import { headerText, isNumber, readableText } from './cell-text.ts'
import { madeText, type Report, type ReportSection } from './report.ts'
import { REPORT_STYLE } from './report-style.ts'
import { summaryTable } from './summary-table.ts'

const MOST_ROWS = 200
/** Characters from which on a cell has several lines. */
const LONG = 48
/** The page needs nothing from anywhere, and could fetch nothing if it were told to (CSP 3). */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

/** A report as one page that holds all it shows. Whatever people and data say is escaped; only charts are markup. */
export function reportHtml(report: Report): string {
  const { title, introduction, sections } = report
  return markup`${new Markup('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(REPORT_STYLE)}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
<p class="quiet">${madeText(report)}</p>
${introduction !== undefined && paragraphs(introduction)}
</header>
${sections.map(sectionMarkup)}
</main>
</body>
</html>
`.text
}

function sectionMarkup({ heading, text, sql, table, summary, chart, notes = [], failure }: ReportSection): Markup {
  return markup`<section>
<h2>${heading}</h2>
${text !== undefined && paragraphs(text)}
${failure && markup`<p class="failure"><strong>No answer</strong> (${failure.code}): ${failure.message} ${failure.hint}</p>`}
${chart && chartMarkup(chart)}
${table && tableMarkup(table, heading)}
${notes.map((note) => markup`<p class="note">${note}</p>\n`)}
${summary && table && table.rows.length > 1 && markup`<h3>Summary</h3>\n${tableMarkup(summaryTable(summary), `Summary of ${heading}`)}`}
<details><summary>SQL</summary><pre tabindex="0"><code>${sql}</code></pre></details>
</section>
`
}

/** Both are there; the reader's preference shows one. It can be scrolled by keyboard where the page is narrow. */
function chartMarkup({ description, light, dark }: DrawnChart): Markup {
  return markup`<figure tabindex="0"><div role="img" aria-label="${description}"><div aria-hidden="true" class="light">${new Markup(light)}</div><div aria-hidden="true" class="dark">${new Markup(dark)}</div></div></figure>`
}

function tableMarkup({ columns, rows }: Table, name: string): Markup {
  const more = rows.length - MOST_ROWS
  return markup`<div class="table" role="region" aria-label="${name}, table" tabindex="0">
<table>
<thead><tr>${columns.map((column) => markup`<th scope="col" class="${isNumber(column) && 'number'}">${headerText(column)}</th>`)}</tr></thead>
<tbody>
${rows
  .slice(0, MOST_ROWS)
  .map((row) => markup`<tr>${columns.map((column, index) => cellMarkup(column, row[index] ?? null))}</tr>\n`)}</tbody>
</table>
</div>
${more > 0 && markup`<p class="quiet">${more.toLocaleString('en')} more ${more === 1 ? 'row' : 'rows'}.</p>`}`
}

function cellMarkup(column: Column, value: Value): Markup {
  const text = readableText(column, value)
  const kind = value === null ? 'null' : isNumber(column) ? 'number' : text.length > LONG && 'long'
  return markup`<td class="${kind}">${text}</td>`
}

function paragraphs(text: string): Markup {
  return markup`${text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => markup`<p class="text">${paragraph.trim()}</p>\n`)}`
}
