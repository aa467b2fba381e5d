import type { ContentBlock } from '@modelcontextprotocol/server'
import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { AbilityError } from '../../../runtime/ability-error.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import { answerSection } from '../reports/answer-section.ts'
import { reportHtml } from '../reports/report-html.ts'
import { reportMarkdown } from '../reports/report-markdown.ts'
import { wantedSection } from '../reports/wanted-section.ts'
import { reportUri } from '../resources/reports.ts'
import { link } from '../schemas.ts'
import type { DataServices } from '../services.ts'

const MOST_SECTIONS = 12
/** Base64 characters of all images together: the answer has room for the text and the output besides. */
const MOST_IMAGE_CHARACTERS = 4_000_000
/** Characters of the report's text in the answer; the resource has all of it. */
const LONGEST_TEXT = 60_000

export const generateReport = defineAbility({
  name: 'generate_report',
  title: 'Generate a report',
  description:
    'Runs the query of each section and makes a report: text, tables, summary statistics and charts, kept for your ' +
    'organisation as Markdown and as a web page with a link. A section whose query fails says so; the others stay.',
  scope: 'reports:write',
  annotations: { destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    title: z.string().trim().min(1).max(200),
    introduction: z.string().max(5_000).optional(),
    sections: z.array(wantedSection).min(1).max(MOST_SECTIONS),
  }),
  output: z.object({
    id: z.string(),
    uri: z.string().describe('The MCP resource with its text'),
    page: link.describe('The web page; it opens without signing in'),
    sections: z.array(
      z.object({
        heading: z.string(),
        rowCount: z.int().optional().describe('Absent where the query failed'),
        notes: z.array(z.string()).readonly().optional().describe('What is incomplete'),
        chart: z.string().optional().describe('What the chart shows'),
        failure: z.object({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
      }),
    ),
  }),
  async run({ title, introduction, sections }, context: AbilityContext<DataServices>) {
    const { person, services, progress, signal } = context
    const answered = []
    for (const [index, wanted] of sections.entries()) {
      await progress({ done: index, total: sections.length, message: wanted.heading })
      answered.push(await answerSection(wanted, context))
    }
    signal.throwIfAborted()
    const failures = answered.flatMap(({ section: { failure } }) => failure ?? [])
    const [failed] = failures
    if (failed !== undefined && failures.length === sections.length)
      throw new AbilityError(failed.code, failed.message, failed.hint)
    const madeAt = new Date(services.now())
    const report = {
      title,
      ...(introduction !== undefined && { introduction }),
      sections: answered.map(({ section }) => section),
      madeAt,
      madeBy: person.name,
    }
    const charts = answered.flatMap(({ png }) => png ?? [])
    const entry = { title, madeBy: person.name, madeAt: madeAt.toISOString() }
    const files = { markdown: reportMarkdown(report), html: await reportHtml(report), charts }
    const id = await services.reports.save(person.tenant, entry, files)
    await progress({ done: sections.length, total: sections.length, message: 'saved' })
    return {
      id,
      uri: reportUri(id),
      page: await services.reports.link(person.tenant, id),
      sections: answered.map(({ section: { heading, table, notes, chart, failure } }) => ({
        heading,
        rowCount: table?.rows.length,
        notes,
        chart: chart?.description,
        failure,
      })),
    }
  },
  async content({ id, page, uri, sections }, { person, services: { reports } }): Promise<ContentBlock[]> {
    const charts = sections.filter(({ chart }) => chart !== undefined).length
    const [text = '', ...images] = await Promise.all([
      reports.markdown(person.tenant, id),
      ...Array.from({ length: charts }, (_, index) => reports.chart(person.tenant, id, index)),
    ])
    return [
      { type: 'text', text: `The report: ${page.url} (until ${page.expiresAt})\n\n${text.slice(0, LONGEST_TEXT)}` },
      ...withinRoom(images),
      {
        type: 'resource_link',
        uri,
        name: `${id}.md`,
        mimeType: 'text/markdown',
        description: 'The report as Markdown',
      },
    ]
  },
})

/** As many images as an answer can carry; the page has all of them. */
function withinRoom(images: readonly (Uint8Array | undefined)[]): ContentBlock[] {
  let room = MOST_IMAGE_CHARACTERS
  return images.flatMap((image) => {
    const data = image === undefined ? '' : Buffer.from(image).toString('base64')
    if (data === '' || data.length > room) return []
    room -= data.length
    return [{ type: 'image' as const, mimeType: 'image/png', data }]
  })
}
