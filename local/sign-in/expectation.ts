import { policyDocumentOf } from '../../lib/policy-document.ts'
import type { FactoryConfig } from '../../model/factory-config.ts'
import { decideAccess, namesSomebody } from '../../model/rules/access.ts'
import { decideDomain } from '../../model/rules/domain-authority.ts'
import { tenantOf } from '../../model/rules/tenant.ts'
import type { SamplePerson } from './sample-people.ts'

/** Why somebody is refused everywhere, by the rule that does it. */
const REFUSALS: Readonly<Record<string, string>> = {
  email_verified: 'the address is not verified',
  domain_authority: 'not an account that the organisation of this address manages',
  tenant: 'the domain is not admitted',
  domains: 'the domain is not admitted',
  blocked: 'the config blocks this address',
}

/** What becomes of a sample person at sign-in, by the very rules of the config. */
export function expectation(account: Omit<SamplePerson, 'note'>, config: FactoryConfig): string {
  const policy = policyDocumentOf(config)
  const { name, email, emailVerified, hostedDomain } = account
  const claims = { email, email_verified: emailVerified, name, ...(hostedDomain && { hd: hostedDomain }) }
  const domain = decideDomain(claims, policy.connection)
  if (!domain.allowed) return refused(domain.rule)
  const tenant = tenantOf(domain.domain, policy.tenants)
  if (tenant === undefined) return refused('tenant')
  const person = { sub: '', email, name, tenant, claims }
  const access = decideAccess(person, policy.access)
  if (!access.allowed) return refused(access.rule)

  const servers = Object.entries(config.servers).filter(([, server]) => !('proxy' in server && server.proxy.public))
  const admits = ([, server]: (typeof servers)[number]) => decideAccess(person, server.access).allowed
  const privileged = servers.filter(
    (server) =>
      admits(server) &&
      server[1].privileged !== undefined &&
      namesSomebody(server[1].privileged) &&
      decideAccess(person, server[1].privileged).allowed,
  )
  const scopes = servers
    .filter(admits)
    .flatMap(([, { scopes = {} }]) => Object.entries(scopes))
    .filter(([, rules]) => decideAccess(person, rules).allowed)
  return [
    `tenant ${tenant}`,
    ...told('may use', servers.filter(admits)),
    ...told('privileged at', privileged),
    ...told('may hold', scopes),
    ...told(
      'refused by',
      servers.filter((server) => !admits(server)),
    ),
  ].join('; ')
}

function told(what: string, servers: readonly (readonly [name: string, unknown])[]): string[] {
  return servers.length === 0 ? [] : [`${what} ${servers.map(([name]) => name).join(', ')}`]
}

function refused(rule: string): string {
  return `refused: ${REFUSALS[rule] ?? `the config asks more of an account (${rule})`}`
}
