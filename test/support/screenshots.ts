import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'

/** Where to keep the screenshots, for somebody who wants to look at them. */
const KEPT = process.env.FACTORY_SCREENSHOTS

/** Takes screenshots of whole pages for the tests of a `describe`; but for those kept they go with it. */
export function screenshots(): (page: Page, name: string) => Promise<void> {
  let directory = KEPT ?? ''
  beforeAll(async () => {
    if (KEPT === undefined) directory = await mkdtemp(join(tmpdir(), 'factory-screenshots-'))
  })
  afterAll(async () => {
    if (KEPT === undefined) await rm(directory, { recursive: true, force: true })
  })
  return async (page, name) => {
    const path = join(directory, `${name}.png`)
    await page.screenshot({ path, fullPage: true })
    expect((await stat(path)).size).toBeGreaterThan(1_000)
  }
}
