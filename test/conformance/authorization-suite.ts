import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Check, readScenarios, SUITE } from './suite.ts'

export interface AuthorizationSuite {
  /** Where the suite waits for the code: to be registered as the client's redirect URI. */
  readonly redirectUri: string
  /**
   * Runs `conformance authorization`.
   * @param visit takes a person from the authorization URL to the redirect URI
   * @returns the checks of every scenario that ran, what the suite printed, and its exit code
   */
  run(
    target: { readonly issuer: string; readonly resource: string; readonly clientId: string },
    visit: (authorizationUrl: string) => Promise<void>,
  ): Promise<{ readonly checks: Check[]; readonly printed: string; readonly exitCode: number | null }>
}

/** The official suite for authorization servers. @param revision of the MCP specification */
export async function authorizationSuite(revision: string): Promise<AuthorizationSuite> {
  const port = await freePort()
  return {
    redirectUri: `http://127.0.0.1:${port}/callback`,
    async run({ issuer, resource, clientId }, visit) {
      const directory = await mkdtemp(join(tmpdir(), 'conformance-'))
      const options = { url: issuer, 'client-id': clientId, resource, port: String(port), 'spec-version': revision }
      const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
      const suite = spawn(process.execPath, [SUITE, 'authorization', ...given, '--output-dir', directory], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      try {
        const ended = once(suite, 'exit') as Promise<[number | null]>
        const printed = await follow(suite, `${issuer}/authorize?`, visit)
        const [exitCode] = await ended
        const scenarios = await readScenarios(directory)
        return { checks: scenarios.flatMap(({ checks }) => checks), printed, exitCode }
      } finally {
        suite.kill()
        await rm(directory, { recursive: true, force: true })
      }
    },
  }
}

/** Collects what the suite prints, and visits the URL that it asks to be opened. */
async function follow(
  { stdout, stderr }: ChildProcess,
  urlStart: string,
  visit: (url: string) => Promise<void>,
): Promise<string> {
  if (stdout === null) throw new TypeError('the suite has no output')
  const lines: string[] = []
  stderr?.on('data', (text) => lines.push(String(text)))
  for await (const line of createInterface(stdout)) {
    lines.push(line)
    if (line.startsWith(urlStart)) await visit(line)
  }
  return lines.join('\n')
}

/** The suite listens only once it runs, and its redirect URI must be registered before. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
