import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { admit } from '../../lambdas/oauth/admission.ts'
import { readIdentity } from '../../lambdas/oauth/upstream/identity.ts'
import { policyDocumentOf } from '../../lib/policy-document.ts'
import { defineFactory, type FactoryConfig } from '../../model/factory-config.ts'
import { readProjectFile } from './tables.ts'

interface Token {
  readonly provider: string
  /** `admitted`, or the rule that refuses. */
  readonly said: string
  readonly claims: Readonly<Record<string, unknown>>
  /** The snippet before it. */
  readonly connection: string
}

const folder = mkdtempSync(join(tmpdir(), 'connections-'))
afterAll(() => rmSync(folder, { recursive: true }))

const sections = readProjectFile('docs/connections.md')
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ provider: section.slice(0, section.indexOf('\n')), section }))
const snippets = sections.flatMap(({ provider, section }) =>
  [...section.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, source = ''], at) => ({ provider, source, at })),
)
const tokens = sections.flatMap(({ provider, section }) => tokensOf(provider, section))

function tokensOf(provider: string, section: string): Token[] {
  let connection = ''
  let said = ''
  return [...section.matchAll(/```(ts|json)\n([\s\S]*?)```|(admitted|refused \(rule `(\w+)`\))[^\n]*:\n/gi)].flatMap(
    ([, language, source = '', words, rule]) => {
      if (words !== undefined) said = rule ?? 'admitted'
      else if (language === 'ts') connection = source
      else return [{ provider, said, claims: JSON.parse(source), connection }]
      return []
    },
  )
}

/** A factory with the snippet's connection, as `factory.config.ts` would have it. */
async function configWith(connection: string): Promise<FactoryConfig> {
  const file = join(folder, `${Math.random()}.ts`)
  writeFileSync(file, `export default {${connection}}`)
  const given = (await import(pathToFileURL(file).href)).default
  return defineFactory({
    ...given,
    stage: 'prod',
    organisation: 'Example',
    signInPrefix: 'example-mcp',
    tenants: { 'example.com': 'example', 'partner.test': 'partner' },
    servers: { productivity: { skillset: 'productivity' } },
  })
}

describe('docs/connections.md', () => {
  it('has every provider, with what to put and what arrives', () => {
    const providers = ['Google', 'Auth0', 'Keycloak', 'Okta', 'Entra ID']
    expect([...new Set(snippets.map(({ provider }) => provider))]).toEqual(providers)
    expect([...new Set(tokens.map(({ provider }) => provider))]).toEqual(providers)
  })

  it.each(snippets)('$provider, snippet $at, is a connection', async ({ source }) => {
    expect((await configWith(source)).connection.allowedDomains).toContain('example.com')
  })

  it.each(tokens)('$provider: the token of $claims.email is $said', async ({ said, claims, connection }) => {
    const policy = policyDocumentOf(await configWith(connection))
    const identity = readIdentity(claims, policy.connection, policy.connection.via === 'cognito' ? 'OIDC' : undefined)
    if (identity === undefined) throw new Error('the token names nobody')
    const decision = admit(identity, { policy, servers: [], denied: [] }, 0)
    expect(decision.admitted ? 'admitted' : decision.rule).toBe(said)
  })
})
