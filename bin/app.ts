import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { buildFactory } from '../lib/factory.ts'
import { assertFunctionsFit, UnfitFunctions } from '../lib/layers/functions-fit.ts'
import { loadConfig } from '../lib/load-config.ts'
import { loadSkillsets } from '../lib/load-skillsets.ts'
import { PROJECT_ROOT } from '../lib/project-root.ts'
import { readCloudAssembly } from '../local/cloud-assembly.ts'
import { ConfigError } from '../model/config-error.ts'
import { SkillsetError } from '../model/skillset-declaration.ts'

/** The CDK app. By the CLI (`npx cdk synth`) or alone (`node bin/app.ts`, with CDK_OUTDIR and CDK_CONTEXT_JSON). */
async function synthesize(): Promise<void> {
  // The CLI reads cdk.json's context and hands it over, where it then wins over this; alone, nobody does (PLATFORM 20).
  const { context } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'cdk.json'), 'utf8'))
  const outdir = process.env.CDK_OUTDIR ?? join(PROJECT_ROOT, 'cdk.out')
  // Else CDK synthesizes once more when the process ends, what has failed included.
  const app = new App({ context, outdir, autoSynth: false })
  const config = await loadConfig(process.env)
  buildFactory(app, config, await loadSkillsets(config.servers))
  // The packs take seconds and change no template: a local run does without, as it does without CDK's own validation.
  if (process.env.CDK_VALIDATION !== 'false') (await import('../lib/packs.ts')).addPacks(app)
  app.synth()
  assertFunctionsFit(readCloudAssembly(outdir), outdir)
}

try {
  await synthesize()
} catch (error) {
  // What a person wrote wrongly: the message says it all, a stack trace would hide it.
  if (![ConfigError, SkillsetError, UnfitFunctions].some((known) => error instanceof known) && !isFinding(error))
    throw error
  console.error((error as Error).message)
  process.exitCode = 1
}

/** CDK's last word where something was found: constructs' own findings are in the message, others it has printed. */
function isFinding(error: unknown): error is Error {
  return error instanceof Error && ['ValidationFailed', 'ValidationFailedWithErrors'].includes(error.name)
}
