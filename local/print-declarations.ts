import { join } from 'node:path'
import { loadConfig } from '../lib/load-config.ts'
import { loadSkillsets } from '../lib/load-skillsets.ts'
import { offeredBy } from '../model/skillset-declaration.ts'

/**
 * Prints, line by line, what the skillsets of the config declare to infrastructure. A process of its own: a module that
 * was imported once is not read again.
 */
try {
  const { servers } = await loadConfig(process.env)
  const skillsets = await loadSkillsets(servers, join(import.meta.dirname, '../lambdas/skillsets'))
  for (const [server, configured] of Object.entries(servers)) {
    if ('proxy' in configured) {
      console.log(`${server}: proxy ${JSON.stringify(configured)}`)
      continue
    }
    const { title, needs = [], abilities = [], resources = [], prompts = [] } = skillsets[configured.skillset] ?? {}
    console.log(`${server}: title ${JSON.stringify(title)}`)
    for (const need of needs) console.log(`${server}: need ${JSON.stringify(need)}`)
    for (const { name, title, scope, level } of offeredBy({ abilities, resources, prompts }))
      console.log(`${server}: ability ${name} ${JSON.stringify(title)}, scope ${scope} (${level})`)
  }
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
