import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, launchChromium } from '../support/chromium.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { RawOAuth } from '../support/oauth.ts'
import { authorizationSuite } from './authorization-suite.ts'

describe.skipIf(CHROMIUM === undefined)('the official conformance suite for authorization servers', () => {
  let factory: TestFactory
  let chromium: Browser

  beforeAll(async () => {
    // Only a factory that may fetch client metadata documents announces that it does; none is fetched here.
    factory = await startTestFactory({ offline: false })
    chromium = await launchChromium()
  })
  afterAll(async () => {
    await chromium?.close()
    await factory?.remove()
  })

  it('passes every check of the revision 2026-07-28', async () => {
    const suite = await authorizationSuite('2026-07-28')
    const clientId = await new RawOAuth(factory.issuer).newClient({ redirect_uris: [suite.redirectUri] })
    const page = await chromium.newPage()
    const target = { issuer: factory.issuer, resource: factory.servers.productivity, clientId }
    const { checks, printed, exitCode } = await suite.run(target, async (authorizationUrl) => {
      await page.goto(authorizationUrl)
      await page.getByRole('button', { name: /^(Allow|Continue)\b/ }).click()
      await page.waitForURL((at) => at.origin === factory.signInIssuer)
      await page.getByRole('button', { name: 'alice@example.com' }).click()
      await page.waitForURL((at) => at.href.startsWith(suite.redirectUri), { waitUntil: 'commit' })
    })
    expect(
      checks.map(({ id, status, errorMessage }) => ({ id, status, errorMessage })),
      printed,
    ).toEqual([
      { id: 'authorization-code-grant', status: 'SUCCESS' },
      { id: 'authorization-server-metadata', status: 'SUCCESS' },
      { id: 'authorization-server-metadata-cimd', status: 'SUCCESS' },
    ])
    expect(exitCode).toBe(0)
  })
})
