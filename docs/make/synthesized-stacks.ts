import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCloudAssembly, type SynthesizedStack } from '../../local/cloud-assembly.ts'

const PROJECT = join(import.meta.dirname, '../..')
/** Not factory.config.ts, which is its user's: what is made here is there already. */
const SAMPLE = join(PROJECT, 'local/demo/sample.config.ts')

/**
 * The stacks of a config as `cdk deploy` would send them, the AuthorizationStack first. No function is bundled: nothing
 * but the name of its code differs (PLATFORM 22).
 * @param configFile absent: the config as shipped, kept for the demo
 */
export async function synthesizedStacks(configFile = SAMPLE): Promise<readonly SynthesizedStack[]> {
  const directory = await mkdtemp(join(tmpdir(), 'factory-docs-'))
  try {
    const { FACTORY_STAGE, ...environment } = process.env
    const app = spawn(process.execPath, [join(PROJECT, 'bin/app.ts')], {
      cwd: PROJECT,
      env: {
        ...environment,
        FACTORY_CONFIG: configFile,
        CDK_OUTDIR: directory,
        CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [] }),
        CDK_VALIDATION: 'false',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    app.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const [code] = (await once(app, 'close')) as [number | null]
    if (code !== 0) throw new Error(`synthesis failed:\n${said}`)
    return readCloudAssembly(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}
