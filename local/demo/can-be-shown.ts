import type { FactoryConfig } from '../../model/factory-config.ts'
import { decideAccess } from '../../model/rules/access.ts'
import { tenantOf } from '../../model/rules/tenant.ts'
import { type SamplePerson, samplePeople } from '../sign-in/sample-people.ts'

const SHOWN = ['productivity', 'devops']

/**
 * Whether a factory has what the demo tells of: its two servers, both of which admit Alice and neither of which watches
 * anything beyond this machine.
 */
export function canBeShown(config: FactoryConfig): boolean {
  const [alice] = samplePeople(config)
  if (alice === undefined || config.connection.requiredClaims.length > 0) return false
  return SHOWN.every((name) => {
    const server = serverOf(config, name)
    return server !== undefined && admits(config, server, alice) && !/"https?:/.test(JSON.stringify(server.options))
  })
}

/** Whether a factory that can be shown has the data server, too, over the sample, for people of both its tenants. */
export function asksTheSample(config: FactoryConfig): boolean {
  const server = serverOf(config, 'data')
  const people = samplePeople(config)
  const isOver = (server?.options.source as { sample?: unknown } | undefined)?.sample === true
  return (
    server !== undefined &&
    isOver &&
    Object.entries({ alice: 'example', tom: 'partner' }).every(([name, tenant]) => {
      const person = people.find(({ email }) => email.startsWith(`${name}@`))
      return person !== undefined && tenantIn(config, person) === tenant && admits(config, server, person)
    })
  )
}

function serverOf({ servers }: FactoryConfig, name: string) {
  const server = Object.hasOwn(servers, name) ? servers[name] : undefined
  return server !== undefined && 'skillset' in server && server.skillset === name ? server : undefined
}

function admits(
  config: FactoryConfig,
  { access }: Pick<FactoryConfig['servers'][string], 'access'>,
  person: SamplePerson,
) {
  return decideAccess({ ...person, sub: '', tenant: tenantIn(config, person), claims: {} }, access).allowed
}

function tenantIn({ tenants }: FactoryConfig, { email }: SamplePerson): string {
  return tenantOf(email.slice(email.indexOf('@') + 1), tenants) ?? ''
}
