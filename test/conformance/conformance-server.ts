import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { copyProject } from '../support/project-copy.ts'

const SKILLSET = 'lambdas/skillsets/conformance'
const SOURCES = '../../../test/conformance/skillset'

const FILES = {
  [`${SKILLSET}/skillset.ts`]: `export { default } from '${SOURCES}/skillset.ts'\n`,
  [`${SKILLSET}/handler.ts`]: `export { handler } from '${SOURCES}/handler.ts'\n`,
  'factory.config.ts': `import config from './local/demo/sample.config.ts'
import { defineFactory } from './model/factory-config.ts'
export default defineFactory({ ...config, servers: { conformance: { skillset: 'conformance' } } })
`,
}

/** A running factory whose one server has what the official suites expect of a server. */
export interface ConformanceServer extends AsyncDisposable {
  readonly issuer: string
  readonly url: string
}

/** `npm start` in a copy of the project, with the skillset beside this file among its own. */
export async function startConformanceServer(): Promise<ConformanceServer> {
  await using starting = new AsyncDisposableStack()
  const project = await copyProject()
  starting.defer(() => project.remove())
  await mkdir(join(project.path, SKILLSET))
  for (const [file, source] of Object.entries(FILES)) await project.write(file, source)
  const factory = spawn(process.execPath, ['local/start.ts', '--offline'], {
    cwd: project.path,
    env: { ...process.env, FACTORY_PORT: '0', FACTORY_DIRECTORY: 'state', FACTORY_CONFIG: 'factory.config.ts' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  starting.defer(async () => {
    if (factory.exitCode !== null) return
    factory.kill('SIGTERM')
    await once(factory, 'exit')
  })
  const issuer = await announcedIssuer(createInterface(factory.stdout))
  factory.stdout.resume()
  const running = starting.move()
  return {
    issuer,
    url: `${issuer}/conformance/mcp`,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function announcedIssuer(lines: AsyncIterable<string>): Promise<string> {
  const said: string[] = []
  for await (const line of lines) {
    said.push(line)
    const issuer = /^Authorization server: (\S+)$/.exec(line)?.[1]
    if (issuer !== undefined) return issuer
  }
  throw new Error(`the factory did not start: ${said.join('\n')}`)
}
