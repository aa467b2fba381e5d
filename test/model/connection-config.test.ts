import { describe, expect, it } from 'vitest'
import { defineFactory, type FactoryConfigInput } from '../../model/factory-config.ts'

const DIRECTORY = '9188040d-0000-4000-8000-5b66a112afad'
const OIDC = { provider: 'oidc' as const, issuer: 'https://id.example.com', allowedDomains: ['example.com'] }
const ENTRA = { ...OIDC, issuer: 'https://login.microsoftonline.com/organizations/v2.0' }

function connect(connection: FactoryConfigInput['connection']) {
  return () =>
    defineFactory({
      stage: 'prod',
      organisation: 'Example',
      signInPrefix: 'example-mcp',
      tenants: { 'example.com': 'example' },
      servers: { productivity: { skillset: 'productivity' } },
      connection,
    })
}

describe('a connection to an OpenID provider', () => {
  it('names claims and asks for more, where nothing stands between', () => {
    const claims = {
      email: 'upn',
      emailVerified: 'xms_edov',
      name: 'display_name',
      groups: 'https://example.com/groups',
    }
    const config = connect({ ...OIDC, asserts: ['example.com'], claims, scopes: ['groups'] })()
    expect(config.connection).toMatchObject({ claims, scopes: ['groups'] })
  })

  it.each<[string, FactoryConfigInput['connection'], RegExp]>([
    [
      'claims through Cognito',
      { ...OIDC, via: 'cognito', asserts: ['example.com'], claims: { groups: 'x' } },
      /connection\.claims.*via: 'direct'/s,
    ],
    [
      'scopes through Cognito',
      { ...OIDC, via: 'cognito', asserts: ['example.com'], scopes: ['groups'] },
      /connection\.scopes.*via: 'direct'/s,
    ],
    [
      'directories through Cognito',
      { ...OIDC, via: 'cognito', directories: { [DIRECTORY]: ['example.com'] } },
      /connection\.directories.*via: 'direct'/s,
    ],
    [
      'a rule on hd, which only Google’s mapping has',
      { ...OIDC, via: 'cognito', asserts: ['example.com'], requiredClaims: [{ claim: 'hd', equals: 'example.com' }] },
      /found "hd"; allowed: a claim that Cognito maps \(email, email_verified, name\)/,
    ],
    [
      'a shared issuer without directories',
      { ...ENTRA, asserts: ['example.com'] },
      /connection\.directories.*stands for every one/s,
    ],
    [
      'both promises',
      { ...OIDC, asserts: ['example.com'], directories: { [DIRECTORY]: ['example.com'] } },
      /either asserts or directories/,
    ],
    [
      'two scopes in one',
      { ...OIDC, asserts: ['example.com'], scopes: ['groups offline_access'] },
      /a scope: printable, without spaces/,
    ],
  ])('refuses %s', (_case, connection, message) => {
    expect(connect(connection)).toThrow(message)
  })

  it('takes a shared issuer with the directories that count', () => {
    expect(connect({ ...ENTRA, directories: { [DIRECTORY]: ['example.com'] } })).not.toThrow()
  })
})
