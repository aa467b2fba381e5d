import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'
import { selfSigned } from './certificates.ts'
import { ARGUMENTS, CHROMIUM } from './chromium.ts'

/** What the operating system does with a link that Chromium hands over: its address is noted. */
const NOTE_HANDED_OVER = `#!/bin/sh
printf '%s\\n' "$1" >> "$HANDED_OVER"
`

/** A Chromium for whose person every given redirect URI leads somewhere. */
export interface BrowserWithTargets extends AsyncDisposable {
  readonly context: BrowserContext
  /** The URLs that have arrived anywhere so far, as literal as the browser sent them. */
  arrivals(): Promise<string[]>
}

/**
 * Starts Chromium so that redirects really end where they lead: web addresses are resolved to servers of the test's, on
 * ports that are free; links of applications are handed over to `xdg-open`. Nothing inside the browser is intercepted:
 * its policies apply as they do to people.
 * @param handsOverFrom origins that the person has allowed to open applications: without a screen nobody can be asked
 * @param resolved further hosts with ports, and the local port that they lead to
 */
export async function launchBrowserWithTargets(options: {
  readonly redirectUris: readonly string[]
  readonly handsOverFrom: readonly string[]
  readonly resolved?: Readonly<Record<string, number>>
}): Promise<BrowserWithTargets> {
  const targets = options.redirectUris.map((uri) => new URL(uri))
  const arrived: string[] = []
  const note =
    (scheme: string): RequestListener =>
    ({ headers, url }, response) => {
      arrived.push(`${scheme}://${headers.host}${url}`)
      response.end('You may close this window.')
    }
  await using opened = new AsyncDisposableStack()
  const ports = {
    'http:': await listen(createServer(note('http')), opened),
    'https:': await listen(createTlsServer(selfSigned('localhost', new Date('2100-01-01')), note('https')), opened),
  }
  const rules = [
    ...targets.flatMap(({ protocol, hostname, port }) => {
      if (protocol !== 'http:' && protocol !== 'https:') return []
      return [rule(`${hostname}:${port || (protocol === 'http:' ? 80 : 443)}`, ports[protocol])]
    }),
    ...Object.entries(options.resolved ?? {}).map(([host, port]) => rule(host, port)),
  ]

  const directory = await mkdtemp(join(tmpdir(), 'chromium-'))
  opened.defer(() => rm(directory, { recursive: true, force: true }))
  const schemes = targets.map(({ protocol }) => protocol.slice(0, -1)).filter((scheme) => !/^https?$/.test(scheme))
  await mkdir(join(directory, 'profile/Default'), { recursive: true })
  await writeFile(
    join(directory, 'profile/Default/Preferences'),
    JSON.stringify(allowedToOpen(options.handsOverFrom, schemes)),
  )
  await writeFile(join(directory, 'xdg-open'), NOTE_HANDED_OVER, { mode: 0o755 })
  const handedOver = join(directory, 'handed-over')
  await writeFile(handedOver, '')
  const context = await chromium.launchPersistentContext(join(directory, 'profile'), {
    ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
    headless: true,
    args: [...ARGUMENTS, `--host-resolver-rules=${rules.join(',')}`],
    ignoreHTTPSErrors: true,
    env: { ...process.env, PATH: `${directory}:${process.env.PATH}`, HANDED_OVER: handedOver },
  })
  opened.defer(() => context.close())
  const closing = opened.move()
  return {
    context,
    arrivals: async () => [...arrived, ...(await readFile(handedOver, 'utf8')).split('\n').filter(Boolean)],
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}

const rule = (host: string, port: number) => `MAP ${host} 127.0.0.1:${port}`

/** Chromium's preference behind "Always allow this site to open links of this type". */
function allowedToOpen(origins: readonly string[], schemes: readonly string[]) {
  const allowed = Object.fromEntries(schemes.map((scheme) => [scheme, true]))
  return { protocol_handler: { allowed_origin_protocol_pairs: Object.fromEntries(origins.map((at) => [at, allowed])) } }
}

async function listen(server: Server, opened: AsyncDisposableStack): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
