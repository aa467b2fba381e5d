import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { SHARED, type TenantKey, tenantKey } from '../../model/tenant-key.ts'

describe('a tenant key', () => {
  it('begins with its tenant', () => {
    expect(tenantKey('example', 'PERSON', 'alice')).toBe('T-example#PERSON#alice')
    expect(tenantKey(SHARED, 'HEALTH')).toBe('SHARED#HEALTH')
  })

  it('without a tenant is a type error', () => {
    expectTypeOf<string>().not.toExtend<TenantKey>()
    expectTypeOf(tenantKey).parameter(0).not.toExtend<undefined>()
  })

  it('has no empty part', () => {
    expect(() => tenantKey('')).toThrow(RangeError)
    expect(() => tenantKey('example', '')).toThrow(RangeError)
    expect(() => tenantKey('example', 'a', '')).toThrow(RangeError)
  })

  it('is one of its tenant alone: different parts never make the same key', () => {
    const part = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('#', 'T-a', 'SHARED', '%23', 'a#b', 'T-a#b'))
    const parts = fc.array(part, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(parts, parts, ([tenant = '', ...one], [other = '', ...two]) => {
        fc.pre(JSON.stringify([tenant, ...one]) !== JSON.stringify([other, ...two]))
        expect(tenantKey(tenant, ...one)).not.toBe(tenantKey(other, ...two))
        expect(tenantKey(tenant, ...one)).not.toBe(tenantKey(SHARED, ...one))
      }),
    )
  })

  it('of one tenant is never below another’s prefix', () => {
    const part = fc.string({ minLength: 1 })
    fc.assert(
      fc.property(part, part, fc.array(part), (tenant, other, parts) => {
        fc.pre(tenant !== other)
        expect(tenantKey(tenant, ...parts).startsWith(`${tenantKey(other)}#`)).toBe(false)
      }),
    )
  })
})
