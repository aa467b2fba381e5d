import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../model/config-error.ts'
import { defineFactory, type FactoryConfigInput } from '../../model/factory-config.ts'

const PUBLIC_KEY = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'one' }
const PORTAL = { name: 'Portal', redirectUris: ['https://portal.example.com/callback'] }

function define(clients: object, redirects: FactoryConfigInput['redirects'] = {}) {
  return defineFactory({
    stage: 'prod',
    organisation: 'Example',
    connection: { provider: 'google', allowedDomains: ['example.com'] },
    signInPrefix: 'example-mcp',
    tenants: { 'example.com': 'example' },
    servers: { devops: { skillset: 'devops' } },
    redirects,
    clients: clients as FactoryConfigInput['clients'],
  })
}

function problemsOf(clients: object): readonly string[] {
  try {
    define(clients)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('clients that the organisation registers', () => {
  it('are public, or prove themselves by a secret or by keys', () => {
    const clients = {
      portal: { ...PORTAL, secretHash: 'x'.repeat(43), scopes: ['calendar:read'] },
      signing: { ...PORTAL, jwks: { keys: [{ ...PUBLIC_KEY, use: 'sig', x5t: 'x' }] } },
      elsewhere: { ...PORTAL, jwksUri: 'https://portal.example.com/jwks.json' },
      public: { ...PORTAL, redirectUris: ['http://127.0.0.1/callback', 'ourapp://callback'] },
      behind: { name: 'Behind', redirectUris: [], secretHash: 'x'.repeat(43), introspects: ['devops'] },
    }
    const defined = define(clients, { schemes: ['ourapp'] }).clients
    expect(defined).toEqual({ ...clients, signing: { ...PORTAL, jwks: { keys: [PUBLIC_KEY] } } })
  })

  it.each<[object, string]>([
    [{ 'c-portal': PORTAL }, 'clients.c-portal: found "c-portal"; allowed: a client id: 2 to 63 lower-case letters'],
    [{ 'https://portal.example.com': PORTAL }, 'allowed: a client id'],
    [{ portal: { ...PORTAL, name: '' } }, 'clients.portal.name: found ""; allowed: at least 1'],
    [{ portal: { ...PORTAL, redirectUris: [] } }, 'allowed: at least one redirect URI'],
    [{ portal: { ...PORTAL, introspects: ['devops'] } }, 'introspects: found ["devops"]; allowed: nothing without'],
    [
      { portal: { ...PORTAL, secretHash: 'x'.repeat(43), introspects: ['mail'] } },
      'clients.portal.introspects.0: found "mail"; allowed: one of devops',
    ],
    [
      { portal: { ...PORTAL, redirectUris: ['http://portal.example.com'] } },
      'clients.portal.redirectUris.0: found "http://portal.example.com"; allowed: https://…, http at a loopback address',
    ],
    [
      { portal: { ...PORTAL, redirectUris: ['other://callback'] } },
      'a private-use scheme that redirects.schemes lists',
    ],
    [{ portal: { ...PORTAL, secret: 'x' } }, 'clients.portal: found the key "secret"; allowed: only name, '],
    [{ portal: { ...PORTAL, secretHash: 'a secret' } }, 'a hash that npm run factory -- clients new-secret prints'],
    [
      { portal: { ...PORTAL, jwksUri: 'https://10.0.0.1/jwks.json' } },
      'clients.portal.jwksUri: found "https://10.0.0.1/',
    ],
    [{ portal: { ...PORTAL, scopes: [] } }, 'clients.portal.scopes: found []; allowed: at least 1'],
    [
      { portal: { ...PORTAL, secretHash: 'x'.repeat(43), jwksUri: 'https://portal.example.com/jwks.json' } },
      'allowed: one of secretHash, jwks and jwksUri at most: one way to authenticate',
    ],
  ])('%j', (clients, problem) => {
    expect(problemsOf(clients)).toEqual([expect.stringContaining(problem)])
  })

  it('a private key is refused and not repeated', () => {
    const [problem, ...more] = problemsOf({ portal: { ...PORTAL, jwks: { keys: [{ ...PUBLIC_KEY, d: 'private' }] } } })
    expect(more).toEqual([])
    expect(problem).toContain('clients.portal.jwks: found "(hidden)"; allowed: { keys: […] } with public keys alone')
    expect(problem).not.toContain('private"')
  })
})
