import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from '../../local/journey/browser.ts'
import { SAMPLE_CONFIG } from '../support/factory.ts'
import { newBrowser, receiveCode, receiveTokens } from '../support/journeys.ts'
import { postMessage } from '../support/oauth.ts'

const START = join(import.meta.dirname, '../../local/start.ts')
/** Milliseconds. */
const LONGEST_START = 60_000

interface Started {
  readonly process: ChildProcess
  readonly issuer: string
}

let directory: string
let running: Started | undefined

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'factory-restart-'))
})
afterAll(async () => {
  if (running?.process.exitCode === null && running.process.signalCode === null) await end(running, 'SIGKILL')
  await rm(directory, { recursive: true, force: true })
})

/** Starts the factory as `npm start` does, with the directory as its place. */
async function start(port: string): Promise<Started> {
  const child = spawn(process.execPath, [START, '--offline'], {
    cwd: directory,
    env: { ...process.env, FACTORY_PORT: port, FACTORY_CONFIG: SAMPLE_CONFIG },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const late = setTimeout(() => reject(new Error(`it did not start: ${said}`)), LONGEST_START)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    const issuer = /^Authorization server: (\S+)$/m.exec(said)?.[1]
    if (issuer !== undefined) resolve(issuer)
  })
  child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)))
  try {
    return { process: child, issuer: await promise }
  } finally {
    clearTimeout(late)
  }
}

async function end({ process: child }: Started, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  const exited = once(child, 'exit')
  child.kill(signal)
  const [code] = (await exited) as [number | null]
  return code
}

const callTool = (name: string, input: unknown) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: input },
})

it('killed or stopped, and started again, it keeps clients, grants, sign-ins, keys and events', {
  timeout: 180_000,
}, async () => {
  running = await start('0')
  const { issuer } = running
  const resource = `${issuer}/productivity/mcp`
  const browser = newBrowser()
  const tokens = await receiveTokens(issuer, resource, { browser })
  const event = { title: 'Survives', start: '2026-12-01T09:00:00Z', end: '2026-12-01T10:00:00Z' }
  const created = await postMessage(resource, tokens.accessToken, callTool('create_event', event))
  expect(created.text).toContain('Survives')

  let refreshToken = tokens.refreshToken
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const code = await end(running, signal)
    expect(code).toBe(signal === 'SIGTERM' ? 0 : null)
    running = await start(new URL(issuer).port)
    expect(running.issuer).toBe(issuer)

    const day = { from: '2026-12-01T00:00:00Z', to: '2026-12-02T00:00:00Z' }
    const listed = await postMessage(resource, tokens.accessToken, callTool('list_events', day))
    expect(listed.status, 'the old token').toBe(200)
    expect(listed.text).toContain('Survives')

    const refreshed = await tokens.refresh(refreshToken)
    expect(refreshed.status, refreshed.text).toBe(200)
    refreshToken = String(refreshed.json?.refresh_token)

    const seen: Page[] = []
    await receiveCode(issuer, resource, { client: tokens.client, browser, sees: (page) => seen.push(page) })
    expect(seen.every(({ url }) => url.hostname !== '127.0.0.1' || url.pathname === '/callback')).toBe(true)
  }
  await end(running, 'SIGTERM')
})
