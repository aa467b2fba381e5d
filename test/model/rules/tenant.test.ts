import { expect, it } from 'vitest'
import { tenantOf } from '../../../model/rules/tenant.ts'

const TENANTS = { 'example.com': 'example', 'Partner.test': 'partner' }

it('a domain maps to its tenant, in any case', () => {
  expect(tenantOf('example.com', TENANTS)).toBe('example')
  expect(tenantOf('PARTNER.test', TENANTS)).toBe('partner')
})

it.each(['', 'other.test', 'sub.example.com', 'com', 'constructor', '__proto__', 'toString'])('%j has none', (domain) =>
  expect(tenantOf(domain, TENANTS)).toBeUndefined())
