import { afterEach, describe, expect, it, vi } from 'vitest'
import { ConfigError } from '../../model/config-error.ts'
import { env } from '../../model/env-reference.ts'
import { defineFactory, type FactoryConfigInput } from '../../model/factory-config.ts'

const CONFIG: FactoryConfigInput = {
  stage: 'prod',
  organisation: 'Example',
  connection: { provider: 'google', allowedDomains: ['example.com'] },
  signInPrefix: 'example-mcp',
  tenants: { 'example.com': 'example', 'partner.test': 'partner' },
  servers: { devops: { skillset: 'devops' } },
}
const OIDC: FactoryConfigInput['connection'] = {
  provider: 'oidc',
  issuer: 'https://login.example.com',
  asserts: ['example.com'],
  allowedDomains: ['example.com'],
}

/** The lines of the error, one per wrong value. */
function problemsOf(changes: object): readonly string[] {
  try {
    defineFactory({ ...CONFIG, ...changes })
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}
const server = (changes: object) => ({ servers: { devops: { skillset: 'devops', ...changes } } })
const connection = (changes: object) => ({ connection: { ...CONFIG.connection, ...changes } })

describe('a factory', () => {
  it('has defaults for what is left out', () => {
    expect(defineFactory(CONFIG)).toMatchObject({
      connection: { via: 'cognito', internalApp: false, requiredClaims: [], blocked: [] },
      servers: { devops: { access: {}, allowedOrigins: [], options: {} } },
      lifetimes: { accessToken: 600, refreshIdle: 1_209_600, refreshAbsolute: 5_184_000, browserSession: 28_800 },
      redirects: { schemes: [], hosts: [] },
      logRetentionDays: 90,
    })
    expect(defineFactory({ ...CONFIG, connection: OIDC }).connection.via).toBe('direct')
  })

  it('without Cognito needs no sign-in prefix', () => {
    expect(problemsOf({ ...connection({ via: 'direct' }), signInPrefix: undefined })).toEqual([])
  })
})

describe('a wrong value is named: its path, what was found, what is allowed', () => {
  it.each<[object, string]>([
    [{ stage: 'Prod' }, 'stage: found "Prod"; allowed: 1 to 12 lower-case letters and digits, a letter first'],
    [{ stage: undefined }, 'stage: found nothing; allowed: a string'],
    [{ organisation: '' }, 'organisation: found ""; allowed: at least 1 character'],
    [{ organisation: 'x'.repeat(81) }, `organisation: found "${'x'.repeat(76)}...; allowed: at most 80`],
    [{ organization: 'Example' }, 'found the key "organization"; allowed: only stage, organisation, '],
    [{ connection: { provider: 'github' } }, 'connection.provider: '],
    [connection({ via: 'saml' }), 'connection.via: found "saml"; allowed: one of "cognito", "direct"'],
    [connection({ allowedDomains: [] }), 'connection.allowedDomains: found []; allowed: at least 1'],
    [
      connection({ allowedDomains: ['Example.com'] }),
      'connection.allowedDomains.0: found "Example.com"; allowed: a domain',
    ],
    [connection({ allowedDomains: ['other.test'] }), 'allowed: a domain that tenants maps (example.com, partner.test)'],
    [connection({ blocked: ['nobody'] }), 'connection.blocked.0: found "nobody"; allowed: an email address'],
    [connection({ requiredClaims: [{ claim: 'hd' }] }), 'allowed: a rule with one of equals, oneOf, contains, matches'],
    [
      connection({ requiredClaims: [{ claim: 'department', equals: 'x' }] }),
      'connection.requiredClaims.0.claim: found "department"; allowed: a claim that Cognito maps (email, email_verified, name, hd), or via: \'direct\'',
    ],
    [connection({ requiredClaims: [{ claim: 'hd', matches: '(' }] }), 'allowed: a regular expression'],
    [connection({ requiredClaims: [{ claim: 'hd', matches: '(a+)+' }] }), 'allowed: a regular expression'],
    [
      { domain: 'mcp.example.com' },
      "domain: found \"mcp.example.com\"; allowed: { name: 'mcp.example.com', certificateArn: 'arn:…' }",
    ],
    [{ connection: { provider: 'okta' } }, "allowed: provider 'google' or 'oidc'"],
    [server({ privileged: {} }), 'servers.devops.privileged: found {}; allowed: rules that name somebody'],
    [server({ privileged: { blocked: ['bob@example.com'] } }), 'allowed: rules that name somebody'],
    [
      { connection: { ...OIDC, issuer: 'http://login.example.com' } },
      'connection.issuer: found "http://login.example.com"; allowed: an https URL',
    ],
    [{ connection: { ...OIDC, asserts: undefined } }, 'allowed: either asserts or directories'],
    [{ connection: { ...OIDC, directories: { t: ['example.com'] } } }, 'allowed: either asserts or directories'],
    [{ signInPrefix: undefined }, 'signInPrefix: found nothing; allowed: a prefix'],
    [{ signInPrefix: 'my-cognito' }, 'allowed: a prefix without aws, amazon or cognito'],
    [{ signInPrefix: '-x' }, 'signInPrefix: found "-x"; allowed: lower-case letters'],
    [{ tenants: { 'example.com': 'Ex ample' } }, 'tenants.example.com: found "Ex ample"; allowed: a tenant'],
    [{ tenants: { localhost: 'x', 'example.com': 'example' } }, 'allowed: a domain name in lower case'],
    [{ servers: {} }, 'servers: found {}; allowed: at least one server'],
    [{ servers: { token: { skillset: 'devops' } } }, 'allowed: a name that is not reserved'],
    [{ servers: { 'Dev Ops': { skillset: 'devops' } } }, 'allowed: a server name'],
    [server({ skillset: '../oauth' }), 'allowed: the name of a folder below lambdas/skillsets/'],
    [server({ acess: {} }), 'servers.devops: '],
    [
      server({ access: { tenants: ['nobody'] } }),
      'servers.devops.access.tenants.0: found "nobody"; allowed: a tenant (example, partner)',
    ],
    [server({ privileged: { tenants: ['nobody'] } }), 'servers.devops.privileged.tenants.0: found "nobody"'],
    [server({ access: { people: [] } }), 'servers.devops.access.people: found []; allowed: at least 1'],
    [
      server({ access: { groups: ['sre'] } }),
      'servers.devops.access.groups: found ["sre"]; allowed: no groups: Cognito maps none',
    ],
    [
      server({ access: { claims: [{ claim: 'department', equals: 'x' }] } }),
      'servers.devops.access.claims.0.claim: found "department"; allowed: a claim that Cognito maps',
    ],
    [
      server({
        privileged: {
          claims: [
            { claim: 'hd', equals: 'x' },
            { claim: 'roles', contains: 'x' },
          ],
        },
      }),
      'servers.devops.privileged.claims.1.claim: found "roles"; allowed: a claim that Cognito maps',
    ],
    [server({ scopes: { 'deploy:run': {} } }), 'servers.devops.scopes.deploy:run: found {}; allowed: rules that name'],
    [
      server({ scopes: { 'deploy:run': { tenants: ['nobody'] } } }),
      'servers.devops.scopes.deploy:run.tenants.0: found "nobody"; allowed: a tenant (example, partner)',
    ],
    [
      server({ scopes: { 'deploy:run': { groups: ['sre'] } } }),
      'servers.devops.scopes.deploy:run.groups: found ["sre"]; allowed: no groups: Cognito maps none',
    ],
    [
      server({ scopes: { 'deploy:run': { claims: [{ claim: 'roles', contains: 'x' }] } } }),
      'servers.devops.scopes.deploy:run.claims.0.claim: found "roles"; allowed: a claim that Cognito maps',
    ],
    [server({ allowedOrigins: ['example.com'] }), 'servers.devops.allowedOrigins.0: found "example.com"'],
    [{ defaultServer: 'other' }, 'defaultServer: found "other"; allowed: one of devops'],
    [{ domain: { name: 'mcp.example.com', certificateArn: 'x' } }, 'domain.certificateArn: found "x"'],
    [{ lifetimes: { accessToken: 59 } }, 'lifetimes.accessToken: found 59; allowed: at least 60'],
    [{ lifetimes: { accessToken: 3601 } }, 'lifetimes.accessToken: found 3601; allowed: at most 3600'],
    [{ lifetimes: { accessToken: 90.5 } }, 'lifetimes.accessToken: found 90.5; allowed: an integer'],
    [{ redirects: { schemes: ['My Scheme'] } }, 'redirects.schemes.0: found "My Scheme"; allowed: a URI scheme'],
    [{ logRetentionDays: 10 }, 'logRetentionDays: found 10; allowed: 7, or 14, or 30, '],
  ])('%j', (changes, problem) => {
    expect(problemsOf(changes).join('\n')).toContain(problem)
  })

  it('all of them at once', () => {
    const problems = problemsOf({ stage: '', organisation: 7, servers: { x: {} } })
    expect(problems.length).toBeGreaterThanOrEqual(3)
    expect(new ConfigError(problems).message).toBe(
      ['factory.config.ts is wrong:', ...problems.map((problem) => `  ${problem}`)].join('\n'),
    )
  })
})

describe('env()', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('is the variable’s value', () => {
    vi.stubEnv('FACTORY_TEST_VALUE', 'found')
    expect(env('FACTORY_TEST_VALUE', 'fallback')).toBe('found')
  })

  it('is the fallback where the variable is missing or empty', () => {
    expect(env('FACTORY_TEST_VALUE', 'fallback')).toBe('fallback')
    vi.stubEnv('FACTORY_TEST_VALUE', '')
    expect(env('FACTORY_TEST_VALUE', 'fallback')).toBe('fallback')
  })

  it('names the variable that is missing', () => {
    expect(() => env('FACTORY_TEST_VALUE')).toThrow(ConfigError)
    expect(() => env('FACTORY_TEST_VALUE')).toThrow('environment variable FACTORY_TEST_VALUE')
  })
})
