import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { AbilityError } from '../../../runtime/ability-error.ts'
import { defineResource, defineResourceTemplate } from '../../../runtime/define-resource.ts'
import type { DataServices } from '../services.ts'

export const allReports = defineResource({
  uri: 'report://reports',
  title: 'Saved reports',
  description: 'The newest reports of your organisation; report://reports/{id} has the text of one.',
  scope: 'data:read',
  mimeType: 'application/json',
  async read({ person, services: { reports } }: AbilityContext<DataServices>) {
    const listed = await reports.list(person.tenant)
    return JSON.stringify({ reports: listed.map((report) => ({ ...report, uri: reportUri(report.id) })) })
  },
})

export const oneReport = defineResourceTemplate({
  uri: 'report://reports/{id}',
  title: 'A saved report',
  description: 'The text of a report of your organisation, as Markdown.',
  scope: 'data:read',
  mimeType: 'text/markdown',
  arguments: z.strictObject({ id: z.string().max(64) }),
  complete: {
    id: async ({ person, services: { reports } }: AbilityContext<DataServices>) =>
      (await reports.list(person.tenant)).map(({ id }) => id),
  },
  async read({ id }, { person, services: { reports } }: AbilityContext<DataServices>) {
    const text = await reports.markdown(person.tenant, id)
    if (text === undefined)
      throw new AbilityError(
        'unknown_report',
        'Your organisation has no report of this id, or it is older than reports are kept.',
        'Read report://reports for those that there are.',
      )
    return text
  },
})

export const reportUri = (id: string) => `report://reports/${id}`
