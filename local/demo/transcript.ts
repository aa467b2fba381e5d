import type { Page } from '../journey/browser.ts'
import type { Exchange } from '../journey/exchanges.ts'

/** Something went otherwise than the demo says it should. */
export class DemoError extends Error {
  override readonly name = 'DemoError'
}

/** Prints what happens, in the order in which it happens. */
export class Transcript {
  readonly #print: (line: string) => void
  #steps = 0

  constructor(print: (line: string) => void) {
    this.#print = print
  }

  step(title: string): void {
    this.#steps += 1
    this.#print(`\n${this.#steps}. ${title}`)
  }

  say(text: string): void {
    this.#print(`   ${text}`)
  }

  exchange({ method, url, status, headers }: Exchange): void {
    this.say(`   ${method.padEnd(4)} ${url.href} -> ${status}`)
    const challenge = headers.get('www-authenticate')
    if (challenge !== null) this.say(`        WWW-Authenticate: ${challenge}`)
  }

  page({ url, heading, status }: Page): void {
    this.say(status === 0 ? `   the browser returns to ${shortened(url)}` : `   page at ${url.origin}: "${heading}"`)
  }

  /** @param took milliseconds */
  done(took: number): void {
    this.#print(`\nEverything went as it should, in ${Math.round(took / 1000)} s.`)
  }

  /** @throws DemoError saying what was expected */
  expect(holds: boolean, what: string): void {
    if (!holds) throw new DemoError(`expected: ${what}`)
    this.say(`ok: ${what}`)
  }
}

/** A code or state is nobody's business, not even a sample one: only names of parameters are shown. */
function shortened(url: URL): string {
  return `${url.origin}${url.pathname}?${[...url.searchParams.keys()].map((name) => `${name}=…`).join('&')}`
}
