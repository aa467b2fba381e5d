import { configureServers } from '../lib/configure-servers.ts'
import { loadConfig } from '../lib/load-config.ts'
import { loadSkillsets } from '../lib/load-skillsets.ts'
import { offeredBy } from '../model/skillset-declaration.ts'

/**
 * Prints, line by line, what the skillsets of the config declare to infrastructure. A process of its own: a module that
 * was imported once is not read again.
 */
try {
  const { servers } = await loadConfig(process.env)
  for (const { name, server, declaration } of configureServers(servers, await loadSkillsets(servers))) {
    if ('proxy' in server) {
      console.log(`${name}: proxy ${JSON.stringify(server)}`)
      continue
    }
    console.log(`${name}: title ${JSON.stringify(declaration.title)}`)
    for (const need of declaration.needs) console.log(`${name}: need ${JSON.stringify(need)}`)
    for (const { name: ability, title, scope, level } of offeredBy(declaration))
      console.log(`${name}: ability ${ability} ${JSON.stringify(title)}, scope ${scope} (${level})`)
  }
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
