import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../lib/project-root.ts'
import { StartError } from './start-error.ts'

/** In what a local synthesis differs from a deployment, and in nothing else (docs/contracts.md). */
interface LocalContext {
  readonly origin: string
  readonly arch: 'x86_64' | 'arm64'
  readonly tracing: 'off'
}

/** The templates as they are deployed, without code (PLATFORM 22). */
interface TemplatesAlone {
  readonly 'aws:cdk:bundling-stacks': readonly []
}

/**
 * Runs the CDK app as the CLI would.
 * @param environment added to this process's own, `FACTORY_CONFIG` for one
 * @throws StartError with the app's own words when it refuses, a wrong factory.config.ts for one
 */
export async function synthesize(
  outputDirectory: string,
  context: LocalContext | TemplatesAlone,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  rmSync(outputDirectory, { recursive: true, force: true })
  const app = spawn(process.execPath, [join(PROJECT_ROOT, 'bin/app.ts')], {
    cwd: PROJECT_ROOT,
    env: {
      ...process.env,
      ...environment,
      CDK_OUTDIR: outputDirectory,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      // Two thirds of a synthesis (PLATFORM 22) and nothing in the templates: `npm test` and `npm run synth` validate.
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [app.stdout, app.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [code] = (await once(app, 'close')) as [number | null]
  if (code !== 0) throw new StartError(`synthesis failed:\n${said.replace(/^Bundling asset .*\n/gm, '').trim()}`)
}
