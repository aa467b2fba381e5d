import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { signIn } from '../cli/sign-in.ts'
import { PROJECT_ROOT } from '../lib/project-root.ts'
import { median } from './figures.ts'

/** What `npm start` reads, with the folder of the package manager linked beside it. */
const COPIED = ['bin', 'lambdas', 'lib', 'local', 'model', 'cdk.json', 'package.json']
const CONFIG = 'local/demo/sample.config.ts'
const ABILITY = 'lambdas/skillsets/productivity/abilities/list-events.ts'
const EDITS = 10
/** Milliseconds between an answer and the next edit: what follows a reload is not the next edit's to bear. */
const PAUSE = 3000
/** Milliseconds between two questions: those that the old code answers take the processor from what is measured. */
const POLL = 20
/** Milliseconds. */
const LONGEST = 30_000
const LIST_TOOLS = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })

/** Time from saving an ability to the first answer that has the edit, in a copy of the project. */
export async function benchReload(): Promise<void> {
  const project = await mkdtemp(join(tmpdir(), 'factory-bench-'))
  try {
    for (const part of COPIED) await cp(join(PROJECT_ROOT, part), join(project, part), { recursive: true })
    await symlink(join(PROJECT_ROOT, 'node_modules'), join(project, 'node_modules'))
    const times = await editAgainAndAgain(project)
    const rows = {
      'first edit': times[0],
      median: median(times),
      fastest: Math.min(...times),
      slowest: Math.max(...times),
    }
    console.table(
      Object.fromEntries(
        Object.entries(rows).map(([name, ms = Number.NaN]) => [name, { 'ms from save to answer': Math.round(ms) }]),
      ),
    )
  } finally {
    await rm(project, { recursive: true, force: true })
  }
}

async function editAgainAndAgain(project: string): Promise<number[]> {
  // The copy's own: hot reload watches the project that the module is of.
  const { startFactory }: typeof import('../local/factory.ts') = await import(
    pathToFileURL(join(project, 'local/factory.ts')).href
  )
  const factory = await startFactory({
    directory: join(project, '.factory'),
    port: 0,
    domain: true,
    fresh: true,
    offline: true,
    environment: { FACTORY_CONFIG: join(project, CONFIG) },
    hotReload: () => {},
  })
  try {
    const server = factory.servers.find(({ name }) => name === 'productivity')
    const email = factory.signIn?.people[0]?.email
    if (server === undefined || email === undefined) throw new Error('the sample config has no such server')
    const { token } = await signIn({ server: new URL(server.url), email })
    const path = join(project, ABILITY)
    const source = await readFile(path, 'utf8')
    const times: number[] = []
    for (let edition = 1; edition <= EDITS; edition++) {
      const word = `Edition ${edition}.`
      await wait(PAUSE)
      const saved = performance.now()
      await writeFile(path, source.replace(/(?<=description:\s+['"`])/, `${word} `))
      while (!(await listTools(server.url, token)).includes(word)) {
        if (performance.now() - saved > LONGEST) throw new Error(`${word} is not answered`)
        await wait(POLL)
      }
      times.push(performance.now() - saved)
    }
    return times
  } finally {
    await factory.stop()
  }
}

async function listTools(url: string, token: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2025-11-25',
    },
    body: LIST_TOOLS,
  })
  return response.text()
}
