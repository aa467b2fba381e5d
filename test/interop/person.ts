import type { Browser } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'

/** Somebody who signs in wherever a client sends them, in a real browser. */
export interface Person {
  /** How often a client has sent them to sign in. */
  readonly signIns: number
  /**
   * Opens the URL, allows what is asked for and signs in.
   * @returns what the client's redirect URI was called with, once whoever listens there has answered
   */
  signIn(authorizationUrl: URL): Promise<URL>
  leave(): Promise<void>
}

export async function newPerson(email: string): Promise<Person> {
  const chromium: Browser = await launchChromium()
  let signIns = 0
  return {
    get signIns() {
      return signIns
    },
    async signIn(authorizationUrl) {
      signIns += 1
      const redirectUri = authorizationUrl.searchParams.get('redirect_uri') ?? 'none'
      // Without the cookies of the time before: each client's person signs in.
      const context = await chromium.newContext()
      const page = await context.newPage()
      const called = page.waitForRequest((request) => request.url().startsWith(redirectUri))
      called.catch(() => undefined)
      await page.goto(authorizationUrl.href)
      await page.getByRole('button', { name: /^(Allow|Continue)\b/ }).click()
      await page.getByRole('button', { name: email }).click()
      const request = await called
      await request.response().catch(() => undefined)
      await context.close()
      return new URL(request.url())
    },
    leave: () => chromium.close(),
  }
}
