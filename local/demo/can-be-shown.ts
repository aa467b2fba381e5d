import type { FactoryConfig } from '../../model/factory-config.ts'
import { decideAccess } from '../../model/rules/access.ts'
import { tenantOf } from '../../model/rules/tenant.ts'
import { samplePeople } from '../sign-in/sample-people.ts'

const SHOWN = ['productivity', 'devops']

/**
 * Whether a factory has what the demo tells of: its two servers, both of which admit Alice and neither of which watches
 * anything beyond this machine.
 */
export function canBeShown(config: FactoryConfig): boolean {
  const [alice] = samplePeople(config)
  const [domain = ''] = config.connection.allowedDomains
  if (alice === undefined || config.connection.requiredClaims.length > 0) return false
  const person = { ...alice, sub: '', tenant: tenantOf(domain, config.tenants) ?? '', claims: {} }
  return SHOWN.every((name) => {
    const server = Object.hasOwn(config.servers, name) ? config.servers[name] : undefined
    if (server === undefined || !('skillset' in server) || server.skillset !== name) return false
    return decideAccess(person, server.access).allowed && !/"https?:/.test(JSON.stringify(server.options))
  })
}
