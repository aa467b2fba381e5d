import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The official suite's command; its package exports nothing. */
export const SUITE = join(
  dirname(fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/package.json'))),
  'dist/index.js',
)

/** One check of a scenario, as the suite writes it to `checks.json`. */
export interface Check {
  readonly id: string
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO'
  readonly errorMessage?: string
}

/** What a scenario found. */
export interface Scenario {
  readonly name: string
  readonly checks: readonly Check[]
}

/** Reads what the suite wrote below its output directory, a folder for each scenario: `server-ping-<time>`. */
export async function readScenarios(directory: string): Promise<Scenario[]> {
  const files = await readdir(directory, { recursive: true })
  const wanted = files.filter((file) => file.endsWith('checks.json')).toSorted()
  return await Promise.all(
    wanted.map(async (file) => ({
      name: dirname(file)
        .replace(/^server-/, '')
        .replace(/-\d{4}-\d\d-\d\dT.*$/, ''),
      checks: JSON.parse(await readFile(join(directory, file), 'utf8')) as Check[],
    })),
  )
}
