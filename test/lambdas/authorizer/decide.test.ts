import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Decision, decide } from '../../../lambdas/authorizer/decide.ts'
import type { RequestFacts } from '../../../lambdas/authorizer/request-facts.ts'
import type { DenyKind } from '../../../model/deny-entry.ts'
import { CLAIMS, callOf, GATE, KID, NO_MCP_HEADERS, NOW, POLICY, SERVER, snapshotOf, tokenOf } from './fixtures.ts'

type Snapshots = Parameters<typeof snapshotOf>[0]
const judge = (
  claims: Parameters<typeof tokenOf>[0] = {},
  snapshot: Snapshots = {},
  request: Omit<RequestFacts, 'bearer'> = NO_MCP_HEADERS,
): Decision => decide(tokenOf(claims), snapshotOf(snapshot), request, GATE, NOW)

const ruleOf = (decision: Decision) => (decision.outcome === 'allow' ? 'allow' : decision.reason.rule)

describe('decide allows', () => {
  it('a good token, and says who it is and what they hold', () => {
    expect(judge()).toEqual({
      outcome: 'allow',
      context: {
        sub: 'alice-sub',
        email: 'alice@example.com',
        name: 'Alice',
        picture: 'https://pictures.example.com/alice.png',
        tenant: 'example',
        scope: 'health:read',
        ceiling: 'health:read logs:read',
        client_id: 'client-1',
        sid: 'grant-1',
        jti: 'token-1',
        exp: String(NOW + 540),
      },
    })
  })

  it('a person without a picture: the context has an empty one', () => {
    const { picture: _, ...claims } = CLAIMS
    const decision = decide({ kid: KID, claims }, snapshotOf(), NO_MCP_HEADERS, GATE, NOW)
    expect(decision).toMatchObject({ outcome: 'allow', context: { picture: '' } })
  })

  it('a token of a clock slightly ahead', () => expect(ruleOf(judge({ iat: NOW + 10, exp: NOW + 600 }))).toBe('allow'))

  it('a token until its last second', () => expect(ruleOf(judge({ exp: NOW + 1 }))).toBe('allow'))

  it('a token without scopes: what needs none still works', () => expect(ruleOf(judge({ scope: '' }))).toBe('allow'))

  it('a key that still has a second', () => expect(ruleOf(judge({}, { keyExpiresAt: NOW + 1 }))).toBe('allow'))

  it('privileged scopes for those who may hold them', () => {
    const decision = judge({ email: 'Bob@Example.com', scope: 'health:read deploy:run' })
    expect(decision).toMatchObject({
      context: { scope: 'health:read deploy:run', ceiling: 'health:read logs:read deploy:run' },
    })
  })
})

describe('RS-02, RS-03: decide answers 401', () => {
  it.each<[string, string, Parameters<typeof tokenOf>[0], Snapshots?]>([
    ['another issuer', 'issuer', { iss: 'https://evil.test' }],
    ['the issuer with a slash at its end', 'issuer', { iss: `${GATE.issuer}/` }],
    ['the issuer in upper case', 'issuer', { iss: GATE.issuer.toUpperCase() }],
    ['another server', 'audience', { aud: 'https://mcp.example.com/productivity/mcp' }],
    ['the audience with a slash at its end', 'audience', { aud: `${GATE.audience}/` }],
    ['an audience that begins with ours', 'audience', { aud: `${GATE.audience}/evil` }],
    ['an array of audiences that has ours', 'audience', { aud: [GATE.audience] as unknown as string }],
    ['an expired token', 'expired', { exp: NOW }],
    ['a token issued in the future', 'issued_at', { iat: NOW + 11 }],
    ['a token older than the policy lets tokens be', 'expired', { iat: NOW - 600, exp: NOW + 3000 }],
    ['a shortened lifetime', 'expired', {}, { policy: { lifetimes: { ...POLICY.lifetimes, accessToken: 60 } } }],
    ['an expired key', 'key', {}, { keyExpiresAt: NOW }],
    ['an email without a domain', 'tenant', { email: 'alice' }],
    ['an email with two domains', 'tenant', { email: 'alice@evil.test@example.com' }],
    ['a domain no longer mapped', 'tenant', {}, { policy: { tenants: { 'partner.test': 'partner' } } }],
    ['a domain mapped to another tenant now', 'tenant', {}, { policy: { tenants: { 'example.com': 'other' } } }],
    ['a tenant that is not the domain’s', 'tenant', { tenant: 'partner' }],
    ['a domain the organisation does not admit', 'organisation.domains', {}, { policy: { access: { domains: [] } } }],
    [
      'a person the organisation blocks',
      'organisation.blocked',
      {},
      { policy: { access: { blocked: ['ALICE@example.com'] } } },
    ],
    [
      'a claim that the organisation asks for and the token lacks',
      'organisation.claims',
      {},
      { policy: { access: { claims: [{ claim: 'hd', equals: 'example.com' }] } } },
    ],
    [
      'a claim with another value',
      'organisation.claims',
      { claims: { hd: 'other.test' } },
      { policy: { access: { claims: [{ claim: 'hd', equals: 'example.com' }] } } },
    ],
    ['a tenant the server does not admit', 'server.tenants', { email: 'tom@partner.test', tenant: 'partner' }],
    ['a person the server blocks', 'server.blocked', {}, { server: { access: { blocked: ['alice@example.com'] } } }],
    ['a person the server does not list', 'server.people', {}, { server: { access: { people: ['bob@example.com'] } } }],
    ['a member of no group', 'server.groups', {}, { server: { access: { groups: ['sre'] } } }],
  ])('for %s', (_, rule, claims, snapshot = {}) => {
    const decision = judge(claims, snapshot)
    expect(decision.outcome).toBe('unauthorized')
    expect(ruleOf(decision)).toBe(rule)
  })

  it.each<[string, Parameters<typeof tokenOf>[0], Snapshots?]>([
    ['iss is https://evil.test', { iss: 'https://evil.test' }],
    ['aud is other', { aud: 'other' }],
    [`iat ${NOW + 11} is in the future`, { iat: NOW + 11 }],
    [`expired at ${new Date(NOW * 1000).toISOString()}`, { exp: NOW }],
    [`key ${KID} has expired`, {}, { keyExpiresAt: NOW }],
    ['the domain of alice@other.test is of tenant undefined, not example', { email: 'alice@other.test' }],
    ['client client-1 is denied', {}, { denyEntries: [{ kind: 'client', value: 'client-1' }] }],
    [
      `client client-1 is denied before ${new Date(NOW * 1000).toISOString()}`,
      {},
      { denyEntries: [{ kind: 'client', value: 'client-1', before: NOW }] },
    ],
    [
      'alice@example.com is on the list of blocked people',
      { email: 'Alice@Example.com' },
      { server: { access: { blocked: ['alice@example.com'] } } },
    ],
  ])('and tells the log: %s', (detail, claims, snapshot = {}) => {
    expect(judge(claims, snapshot)).toMatchObject({ reason: { detail } })
  })

  it('for a key that has been withdrawn, however well the token was verified before', () => {
    const decision = decide(tokenOf({}, 'key-0'), snapshotOf(), NO_MCP_HEADERS, GATE, NOW)
    expect(decision).toMatchObject({ reason: { rule: 'key', detail: 'no key key-0' } })
  })

  it.each<[DenyKind, string]>([
    ['grant', CLAIMS.sid],
    ['person', 'Alice@example.com'],
    ['person', CLAIMS.sub],
    ['domain', 'EXAMPLE.com'],
    ['tenant', CLAIMS.tenant],
    ['client', CLAIMS.client_id],
  ])('for a denied %s (%s), until a token is issued later', (kind, value) => {
    const denyEntries = [
      { kind, value: 'somebody else', before: NOW },
      { kind, value, before: CLAIMS.iat },
    ]
    expect(ruleOf(judge({}, { denyEntries }))).toBe('denied')
    expect(ruleOf(judge({ iat: CLAIMS.iat + 1 }, { denyEntries }))).toBe('allow')
  })

  it('and holds the claims of a token that satisfies the rules', () => {
    const claims = { hd: 'example.com', groups: ['sre'] }
    const policy = { access: { claims: [{ claim: 'hd', equals: 'example.com' }] } }
    expect(ruleOf(judge({ claims }, { policy, server: { access: { groups: ['sre'] } } }))).toBe('allow')
  })
})

describe('decide narrows', () => {
  it('the scopes of a person who may no longer hold one', () => {
    expect(judge({ scope: 'health:read deploy:run' })).toMatchObject({ context: { scope: 'health:read' } })
  })

  it('scopes of another server, offline_access, repeated ones', () => {
    const decision = judge({ scope: 'offline_access health:read calendar:write health:read' })
    expect(decision).toMatchObject({ context: { scope: 'health:read' } })
  })
})

describe('RS-02: a 2026-07-28 call whose headers name the tool', () => {
  it('of a proxy needs the scope of every tool that is not named', () => {
    const server = { abilities: { '*': 'logs:read', deploy: 'deploy:run', read: 'health:read' } }
    const outcome = (tool: string) => judge({}, { server }, callOf(tool)).outcome
    expect(['read', 'unnamed', 'toString', 'deploy'].map(outcome)).toEqual([
      'allow',
      'forbidden',
      'forbidden',
      'forbidden',
    ])
  })

  it('of a proxy needs none where no header names a tool: the runtime looks into the body', () => {
    expect(ruleOf(judge({ scope: '' }, { server: { abilities: { '*': 'logs:read' } } }))).toBe('allow')
  })

  it('passes with its scope', () => expect(ruleOf(judge({}, {}, callOf('check_service_health')))).toBe('allow'))

  it('without its scope is a 403 that names all scopes to ask for', () => {
    expect(judge({}, {}, callOf('read_logs'))).toEqual({
      outcome: 'forbidden',
      reason: { rule: 'scope', detail: 'read_logs needs logs:read' },
      challenge:
        'Bearer error="insufficient_scope", scope="health:read logs:read", ' +
        'resource_metadata="https://mcp.example.com/devops/.well-known/oauth-protected-resource"',
    })
  })

  it('beyond what the person may ever hold is a 403 without a challenge: asking again would loop', () => {
    const decision = judge({}, {}, callOf('deploy'))
    expect(decision).toEqual({ outcome: 'forbidden', reason: { rule: 'ceiling', detail: 'deploy needs deploy:run' } })
    expect(decision).not.toHaveProperty('challenge')
  })

  it('has a ceiling for each group, where scopes have rules of their own', () => {
    const scopes = SERVER.scopes.map((scope) =>
      scope.name === 'logs:read' ? { ...scope, access: { groups: ['sre'] } } : scope,
    )
    const call = (groups: readonly string[]) =>
      ruleOf(judge({ claims: { groups }, scope: '' }, { server: { scopes } }, callOf('read_logs')))
    expect(call(['sre'])).toBe('scope')
    expect(call(['support'])).toBe('ceiling')
    expect(judge({ scope: 'health:read logs:read' }, { server: { scopes } })).toMatchObject({
      context: { scope: 'health:read', ceiling: 'health:read' },
    })
  })

  it('of a privileged ability lacks only the scope for those who may hold it', () => {
    expect(ruleOf(judge({ email: 'bob@example.com' }, {}, callOf('deploy')))).toBe('scope')
  })

  it('beyond the ceiling is refused though an older token has the scope', () => {
    expect(ruleOf(judge({ scope: 'deploy:run' }, {}, callOf('deploy')))).toBe('ceiling')
  })

  it('of a tool there is not is the runtime’s to answer, inherited names included', () => {
    for (const name of ['nothing', 'constructor', '__proto__', 'toString'])
      expect(ruleOf(judge({}, {}, callOf(name)))).toBe('allow')
  })

  it('is judged after the person: nobody learns of scopes who may not come in', () => {
    expect(ruleOf(judge({ exp: NOW }, {}, callOf('deploy')))).toBe('expired')
  })

  it('by an older protocol is not judged by headers', () => {
    expect(ruleOf(judge({}, {}, { ...callOf('deploy'), protocolVersions: ['2025-11-25'] }))).toBe('allow')
  })
})

it('decide never allows what differs in a claim that counts', () => {
  const text = fc.string()
  fc.assert(
    fc.property(
      fc.oneof(
        fc.record({ iss: text }),
        fc.record({ aud: fc.oneof(text, fc.array(text)) as fc.Arbitrary<string> }),
        fc.record({ exp: fc.integer({ max: NOW }) }),
        fc.record({ iat: fc.integer({ min: NOW + 11 }) }),
        fc.record({ tenant: text }),
        fc.record({ email: fc.emailAddress() }),
      ),
      (changed) => {
        const same = Object.entries(changed).every(([name, value]) => CLAIMS[name as 'iss'] === value)
        fc.pre(!same && !('email' in changed && changed.email.toLowerCase().endsWith('@example.com')))
        expect(judge(changed).outcome).toBe('unauthorized')
      },
    ),
  )
})

it('headers only ever refuse: whatever they say, what they allow is allowed without them, in the same words', () => {
  const values = fc.array(fc.oneof(fc.string(), fc.constantFrom('tools/call', '2026-07-28', 'deploy', 'read_logs')))
  fc.assert(
    fc.property(values, values, values, (protocolVersions, mcpMethods, mcpNames) => {
      const decision = judge({}, {}, { protocolVersions, mcpMethods, mcpNames })
      if (decision.outcome === 'allow') expect(decision).toEqual(judge())
      else expect(decision.outcome).toBe('forbidden')
    }),
  )
})

it('every ability of the server is judged by its own scope', () => {
  for (const [ability, scope] of Object.entries(SERVER.abilities))
    expect(ruleOf(judge({ email: 'bob@example.com', scope }, {}, callOf(ability)))).toBe('allow')
})
