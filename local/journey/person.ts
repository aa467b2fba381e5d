import type { Browser, Page } from './browser.ts'

const MOST_STEPS = 6
/** What the consent page's button may be called: with a browser session it allows, without one it goes on to sign-in. */
const CONSENT = /^(Allow|Continue)\b/

export interface JourneyOptions {
  /** Whom the person chooses at the identity provider. */
  readonly email: string
  /** Privileged scopes to tick on the consent page. */
  readonly tick?: readonly string[]
  /** Told of every page that the person sees. */
  readonly sees?: (page: Page) => void
}

/**
 * Walks from an authorization URL through consent and sign-in as a person would who wants to get on.
 * @returns the page where it ends: the client's redirect URI (status 0), or a page that offers no way on
 */
export async function goThrough(browser: Browser, authorizationUrl: URL, options: JourneyOptions): Promise<Page> {
  let page = await browser.open(authorizationUrl)
  for (let step = 0; step < MOST_STEPS; step++) {
    options.sees?.(page)
    if (page.status === 0) return page
    const consent = page.buttons.find(({ text }) => CONSENT.test(text))
    const label = consent?.text ?? page.buttons.find(({ text }) => text.includes(options.email))?.text
    if (label === undefined) return page
    page = await browser.press(page, label, options.tick)
  }
  throw new Error(`the pages lead in a circle: ${page.url.href}: ${page.heading}`)
}
