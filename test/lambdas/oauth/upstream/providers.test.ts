import { describe, expect, it } from 'vitest'
import { admit, admitToServer, explain } from '../../../../lambdas/oauth/admission.ts'
import { neededClaims, readIdentity } from '../../../../lambdas/oauth/upstream/identity.ts'
import { subjectId } from '../../../../lambdas/tokens/subject-id.ts'
import { policyDocumentOf } from '../../../../lib/policy-document.ts'
import type { ServerDocument } from '../../../../model/documents.ts'
import { defineFactory } from '../../../../model/factory-config.ts'
import { PRODUCTIVITY } from '../factory-fixture.ts'
import { AUTH0, ENTRA, GOOGLE, KEYCLOAK, OKTA, PROVIDERS, type ProviderSample } from './provider-tokens.ts'
import { CLIENT_ID, startScriptedProvider } from './scripted-provider.ts'

interface Change {
  readonly idToken?: Readonly<Record<string, unknown>>
  readonly userinfo?: Readonly<Record<string, unknown>>
  readonly connection?: Readonly<Record<string, unknown>>
  readonly access?: ServerDocument['access']
}

/** From a signed ID token to the decision: what the authorization server does with it. */
async function signIn(sample: ProviderSample, { idToken, userinfo, connection, access = {} }: Change = {}) {
  const config = defineFactory({
    stage: 'prod',
    organisation: 'Example',
    tenants: { 'example.com': 'example' },
    servers: { productivity: { skillset: 'productivity' } },
    connection: { ...sample.connection, ...connection },
  })
  const policy = policyDocumentOf(config)
  const server = { ...PRODUCTIVITY, access }
  const claims = { ...sample.idToken, ...idToken }
  await using provider = await startScriptedProvider({
    claims: { azp: CLIENT_ID, ...claims },
    ...((sample.userinfo || userinfo) && { userinfo: { sub: claims.sub, ...sample.userinfo, ...userinfo } }),
  })
  const said = await provider.signIn({ needed: neededClaims(policy.connection) })
  const identity = readIdentity(said, policy.connection, undefined)
  if (identity === undefined) throw new Error('nobody')
  const decision = admit(identity, { policy, servers: [server], denied: [] }, 0)
  if (!decision.admitted)
    return { rule: decision.rule, words: explain(decision, identity.claims), detail: decision.detail }
  const { person } = decision.signedIn
  const admitted = admitToServer(person, server)
  return { person, rule: admitted.admitted ? undefined : admitted.rule, policy }
}

describe.each(PROVIDERS)('$provider', (sample) => {
  it('signs alice in, by issuer and subject', async () => {
    const { person, policy } = await signIn(sample)
    expect(person).toMatchObject({
      sub: subjectId(policy?.connection.issuer ?? '', String(sample.idToken.sub)),
      email: 'alice@example.com',
      tenant: 'example',
      name: sample.idToken.name,
    })
  })

  it('does not sign in whose address is not verified', async () => {
    const unverified = { email_verified: false, xms_edov: false }
    const { rule, words } = await signIn(sample, { idToken: unverified, userinfo: unverified })
    expect([rule, words]).toEqual([
      'email_verified',
      'The identity provider has not verified the address alice@example.com.',
    ])
  })

  it('asserts no foreign domain', async () => {
    const connection = { allowedDomains: ['example.com'] }
    const { rule } = await signIn(sample, { connection, idToken: { email: 'alice@partner.test' } })
    expect(rule).toBe('domain_authority')
  })
})

it('Google: a consumer account on a company address is refused', async () => {
  const { rule, detail } = await signIn(GOOGLE, { idToken: { hd: undefined } })
  expect(rule).toBe('domain_authority')
  expect(detail).toContain('no hd')
})

describe('groups', () => {
  it.each<[string, ProviderSample, string]>([
    ['Okta’s, from userinfo', OKTA, 'mcp-users'],
    ['Auth0’s, by their own claim', AUTH0, 'mcp-users'],
    ['Keycloak’s, by full path', KEYCLOAK, '/mcp-users'],
    ['Entra’s, by object id', ENTRA, '2c5b6f2a-0000-4000-8000-3c1f6d1e2b3a'],
  ])('%s', async (_case, sample, group) => {
    expect(await signIn(sample, { access: { groups: [group, 'another'] } })).toMatchObject({
      rule: undefined,
      person: { claims: { groups: [group] } },
    })
    expect(await signIn(sample, { access: { groups: ['another'] } })).toMatchObject({ rule: 'server groups' })
  })

  it('Keycloak’s path is part of the name', async () => {
    expect(await signIn(KEYCLOAK, { access: { groups: ['mcp-users'] } })).toMatchObject({ rule: 'server groups' })
  })
})

describe('required claims', () => {
  it('of a nested path: the message says it in general terms, the log exactly', async () => {
    const { rule, words, detail } = await signIn(KEYCLOAK, { idToken: { realm_access: { roles: ['guest'] } } })
    expect(rule).toBe('claims')
    expect(words).toBe(
      'alice@example.com does not meet a requirement that the organisation makes of its members’ accounts.',
    )
    expect(detail).toBe('claim realm_access.roles does not satisfy {"claim":"realm_access.roles","contains":"staff"}')
  })

  it.each([
    [{ claim: 'preferred_username', equals: 'alice' }, undefined],
    [{ claim: 'preferred_username', equals: 'Alice' }, 'claims'],
    [{ claim: 'acr', oneOf: ['1', '2'] }, undefined],
    [{ claim: 'acr', oneOf: ['2'] }, 'claims'],
    [{ claim: 'groups', contains: '/sales/europe' }, undefined],
    [{ claim: 'groups', contains: '/sales' }, 'claims'],
    [{ claim: 'preferred_username', matches: '[a-z]+' }, undefined],
    [{ claim: 'preferred_username', matches: 'lic' }, 'claims'],
  ])('%j', async (claim, rule) => {
    expect((await signIn(KEYCLOAK, { connection: { requiredClaims: [claim] } })).rule).toBe(rule)
  })
})

describe('Entra ID', () => {
  it.each([true, 'true', 1, '1'])('xms_edov %j is a verified address', async (xms_edov) => {
    expect((await signIn(ENTRA, { idToken: { xms_edov } })).rule).toBeUndefined()
  })

  it.each([
    undefined,
    false,
    'false',
    0,
    '0',
    'yes',
  ])('xms_edov %j is none, whatever email_verified says', async (xms_edov) => {
    expect((await signIn(ENTRA, { idToken: { xms_edov, email_verified: true } })).rule).toBe('email_verified')
  })

  it('another directory may not assert the domain, and no directory may', async () => {
    for (const tid of ['00000000-0000-4000-8000-000000000000', undefined, [ENTRA.idToken.tid]])
      expect((await signIn(ENTRA, { idToken: { tid } })).rule).toBe('domain_authority')
  })

  it('the user principal name can stand for the address', async () => {
    const claims = { email: 'preferred_username', emailVerified: 'xms_edov' }
    const { person } = await signIn(ENTRA, { connection: { claims }, idToken: { email: 'a.example@example.com' } })
    expect(person?.email).toBe('alice@example.com')
  })

  it('behind a shared issuer the same person is the same as behind their directory’s own', async () => {
    const issuer = 'https://login.microsoftonline.com/organizations/v2.0'
    const [shared, own] = await Promise.all([signIn(ENTRA, { connection: { issuer } }), signIn(ENTRA)])
    expect(shared.person?.sub).toBe(own.person?.sub)
    expect(own.person?.sub).toBeDefined()
  })
})

it('behind Cognito the same person is the same as directly', async () => {
  const { issuer, asserts, allowedDomains } = OKTA.connection as {
    issuer: string
    asserts: string[]
    allowedDomains: string[]
  }
  const config = defineFactory({
    stage: 'prod',
    organisation: 'Example',
    signInPrefix: 'example-mcp',
    tenants: { 'example.com': 'example' },
    servers: { productivity: { skillset: 'productivity' } },
    connection: { provider: 'oidc', via: 'cognito', issuer, asserts, allowedDomains },
  })
  const policy = policyDocumentOf(config)
  const behind = {
    sub: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    token_use: 'id',
    email: 'alice@example.com',
    email_verified: true,
    name: 'Alice Example',
    identities: [{ userId: OKTA.idToken.sub, providerName: 'OIDC', providerType: 'OIDC', primary: 'true' }],
  }
  const identity = readIdentity(behind, policy.connection, 'OIDC')
  const decision = identity && admit(identity, { policy, servers: [], denied: [] }, 0)
  const { person } = await signIn(OKTA)
  expect(decision?.admitted && decision.signedIn.person.sub).toBe(person?.sub)
})

it('Okta: whoever userinfo is about must be whom the ID token is about', async () => {
  await expect(signIn(OKTA, { userinfo: { sub: 'mallory' } })).rejects.toThrow('somebody else')
})
