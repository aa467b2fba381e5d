import { describe, expect, it } from 'vitest'
import { decideDomain, type IdentityClaims, type IssuerAuthority } from '../../../model/rules/domain-authority.ts'

const GOOGLE: IssuerAuthority = { provider: 'google', via: 'direct' }
const COGNITO: IssuerAuthority = { provider: 'google', via: 'cognito' }
const alice = (changes: IdentityClaims = {}): IdentityClaims => ({
  email: 'Alice@Example.com',
  email_verified: true,
  hd: 'example.com',
  ...changes,
})
const ruleOf = (claims: IdentityClaims, authority: IssuerAuthority) => {
  const decision = decideDomain(claims, authority)
  return decision.allowed ? decision.domain : decision.rule
}

describe('Google', () => {
  it('counts where it manages the domain', () => {
    expect(decideDomain(alice(), GOOGLE)).toEqual({ allowed: true, email: 'alice@example.com', domain: 'example.com' })
    expect(ruleOf(alice({ hd: 'EXAMPLE.com' }), COGNITO)).toBe('example.com')
  })

  it('does not count for a consumer account on a company address: verified, and no hd', () => {
    for (const hd of [undefined, null, '', 0, true, ['example.com'], {}])
      for (const authority of [GOOGLE, COGNITO]) expect(ruleOf(alice({ hd }), authority)).toBe('domain_authority')
  })

  it('does not count where hd is another domain, the address’s own subdomain included', () => {
    for (const hd of ['evil.test', 'sub.example.com', 'example.com.evil.test', 'example'])
      expect(ruleOf(alice({ hd }), GOOGLE)).toBe('domain_authority')
    expect(ruleOf(alice({ email: 'a@sub.example.com' }), GOOGLE)).toBe('domain_authority')
  })

  it('counts for its own consumer domains', () => {
    for (const domain of ['gmail.com', 'googlemail.com'])
      expect(ruleOf(alice({ email: `a@${domain}`, hd: undefined }), COGNITO)).toBe(domain)
    expect(ruleOf(alice({ email: 'a@gmail.com', hd: 'evil.test' }), GOOGLE)).toBe('domain_authority')
    expect(ruleOf(alice({ email: 'a@gmail.com', hd: '' }), GOOGLE)).toBe('gmail.com')
  })

  it('counts behind Cognito without hd where the app is "Internal", and there alone', () => {
    const withoutHd = alice({ hd: undefined })
    expect(ruleOf(withoutHd, { ...COGNITO, internalApp: true })).toBe('example.com')
    expect(ruleOf(withoutHd, { ...COGNITO, internalApp: false })).toBe('domain_authority')
    expect(ruleOf(withoutHd, { ...GOOGLE, internalApp: true })).toBe('domain_authority')
    expect(ruleOf(alice({ hd: 'evil.test' }), { ...COGNITO, internalApp: true })).toBe('domain_authority')
  })
})

describe('another issuer', () => {
  const OIDC: IssuerAuthority = { provider: 'oidc', via: 'direct' }
  it('counts for the domains it may assert', () => {
    expect(ruleOf(alice({ hd: undefined }), { ...OIDC, asserts: ['Example.com'] })).toBe('example.com')
    expect(ruleOf(alice(), { ...OIDC, asserts: ['other.test'] })).toBe('domain_authority')
    expect(ruleOf(alice(), { ...OIDC, asserts: [] })).toBe('domain_authority')
    expect(ruleOf(alice(), OIDC)).toBe('domain_authority')
  })

  it('with directories: each for its own domains', () => {
    const entra: IssuerAuthority = { ...OIDC, directories: { 'tid-1': ['example.com'], 'tid-2': ['other.test'] } }
    expect(ruleOf(alice({ tid: 'tid-1' }), entra)).toBe('example.com')
    for (const tid of ['tid-2', 'tid-3', undefined, null, '__proto__', 'constructor', ['tid-1']])
      expect(ruleOf(alice({ tid }), entra)).toBe('domain_authority')
    expect(ruleOf(alice({ tid: 'tid-2' }), { ...entra, asserts: ['example.com'] })).toBe('domain_authority')
  })
})

it('whatever the issuer: the address is verified', () => {
  for (const authority of [GOOGLE, COGNITO, { provider: 'oidc', via: 'direct', asserts: ['example.com'] } as const]) {
    expect(ruleOf(alice({ email_verified: 'true' }), authority)).toBe('example.com')
    for (const email_verified of [false, 'false', undefined, null, 1, 'yes', {}])
      expect(ruleOf(alice({ email_verified }), authority)).toBe('email_verified')
  }
})

it('whatever the issuer: the address has one domain', () => {
  for (const email of [
    undefined,
    null,
    '',
    'alice',
    'a@b@example.com',
    '@example.com',
    1,
    ['a@example.com'],
    'a\r\nb@example.com',
    'a b@example.com',
    '\u212Aarl@example.com',
    'älice@example.com',
    'alice@ex\u0430mple.com',
  ])
    expect(ruleOf(alice({ email }), GOOGLE)).toBe('email')
})

it.each<[IdentityClaims, IssuerAuthority, string]>([
  [{ email: 'alice' }, GOOGLE, 'the issuer gave no usable email address'],
  [{ email_verified: false }, GOOGLE, 'email_verified of alice@example.com is false'],
  [{ hd: 'evil.test' }, GOOGLE, 'hd evil.test is not example.com'],
  [{ hd: undefined }, GOOGLE, 'no hd: Google does not manage example.com for this account'],
  [{}, { provider: 'oidc', via: 'direct' }, 'the issuer may not assert example.com'],
  [{ tid: 't' }, { provider: 'oidc', via: 'direct', directories: {} }, 'directory t may not assert example.com'],
])('the log is told what was found: %j', (changes, authority, detail) => {
  expect(decideDomain(alice(changes), authority)).toMatchObject({ detail })
})
