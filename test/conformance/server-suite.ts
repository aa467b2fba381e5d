import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { readScenarios, type Scenario, SUITE } from './suite.ts'

/**
 * Runs `conformance server`: exactly what a revision of the MCP specification requires, over that revision's wire.
 * @returns what every scenario found, what the suite printed, and its exit code
 */
export async function runServerSuite(
  url: string,
  requirements: string,
): Promise<{ readonly scenarios: Scenario[]; readonly printed: string; readonly exitCode: number | null }> {
  const directory = await mkdtemp(join(tmpdir(), 'conformance-'))
  const options = ['--url', url, '--requirements', requirements, '--output-dir', directory]
  const suite = spawn(process.execPath, [SUITE, 'server', ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [printed, [exitCode]] = await Promise.all([
      text(suite.stdout),
      once(suite, 'exit') as Promise<[number | null]>,
    ])
    return { scenarios: await readScenarios(directory), printed, exitCode }
  } finally {
    suite.kill()
    await rm(directory, { recursive: true, force: true })
  }
}
