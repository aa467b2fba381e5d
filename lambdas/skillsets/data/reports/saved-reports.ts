import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { tenantKey } from '../../../../model/tenant-key.ts'
import type { Bucket } from '../../../runtime/bucket.ts'
import type { Table } from '../../../runtime/table.ts'
import { type ExpiringLink, linkTo } from '../expiring-link.ts'

const entry = z.object({ title: z.string(), madeBy: z.string(), madeAt: z.string() })

/** A report as the list of a tenant's reports has it. */
export interface SavedReport extends z.output<typeof entry> {
  readonly id: string
}

/** The forms of a report, as files. */
export interface ReportFiles {
  readonly markdown: string
  readonly html: string
  /** PNG. */
  readonly charts: readonly Uint8Array[]
}

const DAY = 86_400
const MOST_LISTED = 100
const ID = /^\d{8}T\d{6}Z-[0-9a-f]{16}$/

/**
 * Reports of a tenant, below `reports/<tenant>/` in the bucket and listed in the table, the newest first. Everybody of
 * the tenant may read them; both forget them after so many days.
 */
export class SavedReports {
  readonly #bucket: Bucket
  readonly #table: Table
  readonly #limits: { readonly linkMinutes: number; readonly reportDays: number }
  readonly #now: () => number

  /** @param now milliseconds since the epoch */
  constructor(
    bucket: Bucket,
    table: Table,
    limits: { readonly linkMinutes: number; readonly reportDays: number },
    now: () => number,
  ) {
    this.#bucket = bucket
    this.#table = table
    this.#limits = limits
    this.#now = now
  }

  /** @returns the id of the report, which is listed once its files are there */
  async save(tenant: string, report: z.output<typeof entry>, { markdown, html, charts }: ReportFiles): Promise<string> {
    const now = this.#now()
    const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
    const id = `${time}-${randomBytes(8).toString('hex')}`
    const put = (name: string, body: Uint8Array | string, contentType: string) =>
      this.#bucket.put(keyOf(tenant, id, name), body, { contentType })
    await Promise.all([
      put('report.md', markdown, 'text/markdown; charset=utf-8'),
      put('report.html', html, 'text/html; charset=utf-8'),
      ...charts.map((chart, index) => put(chartName(index), chart, 'image/png')),
    ])
    const expiresAt = Math.floor(now / 1000) + this.#limits.reportDays * DAY
    await this.#table.put(partitionOf(tenant), id, report, { expiresAt })
    return id
  }

  /** The newest reports of a tenant. */
  async list(tenant: string): Promise<SavedReport[]> {
    const range = { from: '0', to: '9~', limit: MOST_LISTED, order: 'descending' } as const
    const items = await this.#table.query(partitionOf(tenant), range)
    return items.map(({ sk, document }) => ({ id: sk, ...entry.parse(document) }))
  }

  /** The text of a report, or undefined. */
  async markdown(tenant: string, id: string): Promise<string | undefined> {
    const found = await this.#file(tenant, id, 'report.md')
    return found && Buffer.from(found).toString()
  }

  /** A chart of a report, as PNG. */
  chart(tenant: string, id: string, index: number): Promise<Uint8Array | undefined> {
    return this.#file(tenant, id, chartName(index))
  }

  /** A link that opens the report in a browser. */
  link(tenant: string, id: string): Promise<ExpiringLink> {
    const time = { minutes: this.#limits.linkMinutes, now: this.#now() }
    return linkTo(this.#bucket, keyOf(tenant, id, 'report.html'), time)
  }

  /** An id that somebody made up could lead out of their tenant's folder. */
  async #file(tenant: string, id: string, name: string): Promise<Uint8Array | undefined> {
    const found = ID.test(id) ? await this.#bucket.get(keyOf(tenant, id, name)) : undefined
    return found?.body
  }
}

const partitionOf = (tenant: string) => tenantKey(tenant, 'reports')
const keyOf = (tenant: string, id: string, name: string) => `reports/${encodeURIComponent(tenant)}/${id}/${name}`
const chartName = (index: number) => `chart-${index + 1}.png`
