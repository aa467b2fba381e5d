import { describe, expect, it } from 'vitest'
import { policyDocumentOf } from '../../lib/policy-document.ts'
import { sampleConfig } from './sample-factory.ts'

describe('the POLICY document', () => {
  it('says whom the organisation admits, and nothing of its credentials', () => {
    const document = policyDocumentOf(
      sampleConfig({
        connection: {
          provider: 'google',
          internalApp: true,
          allowedDomains: ['example.com'],
          requiredClaims: [{ claim: 'hd', equals: 'example.com' }],
          blocked: ['eve@example.com'],
          secretVersion: 'version-1',
        },
        defaultServer: 'devops',
        redirects: { schemes: ['com.example.app'], hosts: ['tools.example.com'] },
      }),
    )
    expect(document).toEqual({
      organisation: 'Example',
      connection: { provider: 'google', via: 'cognito', issuer: 'https://accounts.google.com', internalApp: true },
      access: {
        domains: ['example.com'],
        blocked: ['eve@example.com'],
        claims: [{ claim: 'hd', equals: 'example.com' }],
      },
      tenants: { 'example.com': 'example', 'partner.test': 'partner' },
      lifetimes: { accessToken: 600, refreshIdle: 1_209_600, refreshAbsolute: 5_184_000, browserSession: 28_800 },
      redirects: { schemes: ['com.example.app'], hosts: ['tools.example.com'] },
      defaultServer: 'devops',
    })
  })

  it('names the domains that another issuer may assert', () => {
    const connection = {
      provider: 'oidc' as const,
      issuer: 'https://login.example.com',
      allowedDomains: ['example.com'],
    }
    const asserts = ['example.com']
    expect(policyDocumentOf(sampleConfig({ connection: { ...connection, asserts } })).connection).toEqual({
      provider: 'oidc',
      via: 'direct',
      issuer: 'https://login.example.com',
      asserts,
    })
    const directories = { 'tenant-id': ['example.com'] }
    const claims = { emailVerified: 'xms_edov' }
    expect(
      policyDocumentOf(sampleConfig({ connection: { ...connection, directories, claims } })).connection,
    ).toMatchObject({
      directories,
      claims,
    })
  })
})
