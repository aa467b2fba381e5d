import { describe, expect, it } from 'vitest'
import { policyDocument, serverDocument } from '../../model/documents.ts'

const POLICY = {
  organisation: 'Example',
  connection: { provider: 'oidc', via: 'direct', issuer: 'https://login.example.com', directories: { t: ['a.test'] } },
  access: {
    domains: ['example.com'],
    blocked: [],
    claims: [
      { claim: 'hd', equals: 'example.com' },
      { claim: 'x', oneOf: [1, 'a', true], contains: 'b', matches: 'c' },
    ],
  },
  tenants: { 'example.com': 'example' },
  lifetimes: { accessToken: 600, refreshIdle: 1, refreshAbsolute: 1, browserSession: 1 },
  redirects: { schemes: [], hosts: [] },
}
const SERVER = {
  name: 'devops',
  title: 'DevOps',
  resource: 'https://mcp.example.com/devops/mcp',
  scopes: [{ name: 'health:read', level: 'everyday', abilities: ['Check'] }],
  abilities: { check: 'health:read' },
  access: {},
}

describe('documents come back from JSON as they went', () => {
  it.each([
    ['POLICY', policyDocument, POLICY],
    ['POLICY with a default server', policyDocument, { ...POLICY, defaultServer: 'devops' }],
    ['SERVER', serverDocument, SERVER],
    ['SERVER with privileged scopes', serverDocument, { ...SERVER, privileged: { people: ['a@b.test'] } }],
  ])('%s', (_, schema, document) => {
    expect(schema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document)
  })
})

describe('what a reader does not know is refused: a rule it cannot judge could be the one that matters', () => {
  it.each([
    ['POLICY', policyDocument, { ...POLICY, extra: 1 }],
    ['a rule', policyDocument, { ...POLICY, access: { planets: ['earth'] } }],
    ['a test of a claim', policyDocument, { ...POLICY, access: { claims: [{ claim: 'a', startsWith: 'b' }] } }],
    ['a connection', policyDocument, { ...POLICY, connection: { ...POLICY.connection, via: 'saml' } }],
    ['SERVER', serverDocument, { ...SERVER, extra: 1 }],
    ['a level', serverDocument, { ...SERVER, scopes: [{ name: 'x', level: 'secret', abilities: [] }] }],
    ['rules for privileged scopes', serverDocument, { ...SERVER, privileged: { planets: [] } }],
  ])('in %s', (_, schema, document) => expect(schema.safeParse(document).success).toBe(false))
})

describe('what is missing is refused', () => {
  it.each(Object.keys(POLICY))('POLICY without %s', (name) => {
    expect(policyDocument.safeParse({ ...POLICY, [name]: undefined }).success).toBe(false)
  })
  it.each(Object.keys(SERVER))('SERVER without %s', (name) => {
    expect(serverDocument.safeParse({ ...SERVER, [name]: undefined }).success).toBe(false)
  })
})
