import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../../lib/project-root.ts'
import { readCloudAssembly, type SynthesizedStack } from '../../local/cloud-assembly.ts'
import { synthesize } from '../../local/synthesize.ts'

const SHIPPED = join(PROJECT_ROOT, 'docs/make/shipped.config.ts')

/**
 * The stacks of a config as `cdk deploy` would send them, the AuthorizationStack first. No function is bundled: nothing
 * but the name of its code differs (PLATFORM 22).
 * @param configFile absent: the config as shipped, kept for the demo
 */
export async function synthesizedStacks(configFile = SHIPPED): Promise<readonly SynthesizedStack[]> {
  const directory = await mkdtemp(join(tmpdir(), 'factory-docs-'))
  try {
    await synthesize(directory, { 'aws:cdk:bundling-stacks': [] }, { FACTORY_CONFIG: configFile })
    return readCloudAssembly(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}
