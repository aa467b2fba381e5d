import { accessSync, constants } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Without the background switches Chromium calls its maker at every start; tests speak to loopback alone. */
export const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * The Chromium of this machine: the one that `FACTORY_CHROMIUM` names, or a packaged one. Where there is none, tests
 * that need it are skipped, loudly; `FACTORY_REQUIRE=chromium` makes that a failure.
 */
export const CHROMIUM = findChromium()

function findChromium(): string | undefined {
  const named = process.env.FACTORY_CHROMIUM
  const found = (named ? [named] : CANDIDATES).find(isExecutable)
  if (found !== undefined) return found
  const wanted = named ?? CANDIDATES.join(', ')
  if (process.env.FACTORY_REQUIRE?.split(',').includes('chromium'))
    throw new Error(`FACTORY_REQUIRE asks for chromium, and there is none at ${wanted}`)
  console.warn(`\n  SKIPPED: the tests in a real browser, for want of Chromium at ${wanted} (set FACTORY_CHROMIUM)\n`)
  return undefined
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** @throws Error where there is no Chromium: ask {@link CHROMIUM} first */
export function launchChromium(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('there is no Chromium')
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: ARGUMENTS })
}
