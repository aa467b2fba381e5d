import { describe, expect, it } from 'vitest'
import { readIdentity } from '../../../../lambdas/oauth/upstream/identity.ts'

const IDENTITY = { userId: 'google-1', providerName: 'Google', providerType: 'Google', issuer: null, primary: 'true' }
const CLAIMS = { sub: 'pool-uuid', token_use: 'id', email: 'alice@example.com', 'custom:hd': 'example.com' }

describe('behind Cognito', () => {
  const read = (claims: Record<string, unknown>) => readIdentity(claims, { via: 'cognito' }, 'Google')

  it('the subject is the federated identity’s, and hd has its usual name', () => {
    const identity = read({ ...CLAIMS, identities: [IDENTITY] })
    expect(identity?.subject).toBe('google-1')
    expect(identity?.claims.hd).toBe('example.com')
    expect(read({ ...CLAIMS, identities: JSON.stringify([IDENTITY]) })?.subject).toBe('google-1')
  })

  it('of several linked identities the configured provider’s counts', () => {
    const other = { ...IDENTITY, userId: 'facebook-1', providerName: 'Facebook' }
    expect(read({ ...CLAIMS, identities: [other, IDENTITY] })?.subject).toBe('google-1')
  })

  it.each([
    ['a user of the pool itself', {}],
    ['another provider', { identities: [{ ...IDENTITY, providerName: 'Facebook' }] }],
    ['an empty subject', { identities: [{ ...IDENTITY, userId: '' }] }],
    ['no list', { identities: 'nonsense' }],
    ['an access token', { identities: [IDENTITY], token_use: 'access' }],
  ])('%s is nobody', (_case, claims) => {
    expect(read({ ...CLAIMS, ...claims })).toBeUndefined()
  })

  it('a claim hd that is not Cognito’s mapping is the token’s own', () => {
    expect(read({ ...CLAIMS, 'custom:hd': undefined, identities: [IDENTITY] })?.claims.hd).toBeUndefined()
  })
})

it('directly, the subject is the token’s', () => {
  expect(readIdentity({ sub: 'google-1', hd: 'example.com' }, { via: 'direct' }, undefined)).toEqual({
    subject: 'google-1',
    claims: { sub: 'google-1', hd: 'example.com' },
  })
  expect(readIdentity({}, { via: 'direct' }, undefined)).toBeUndefined()
})
