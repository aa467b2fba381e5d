declare const tenantKeyBrand: unique symbol

/** A partition key that begins with its tenant. Made only by {@link tenantKey}: a key without a tenant is a type error. */
export type TenantKey = string & { readonly [tenantKeyBrand]: true }

/** Stands where a tenant would, for data that belongs to the factory itself; a symbol, so that no input can name it. */
export const SHARED: unique symbol = Symbol('data of no tenant')

/**
 * Builds a partition key. Parts are percent-encoded, so no part can reach into another tenant's keys by containing `#`.
 * @throws RangeError when a part is empty
 */
export function tenantKey(tenant: string | typeof SHARED, ...parts: readonly string[]): TenantKey {
  const first = tenant === SHARED ? 'SHARED' : `T-${encodePart(tenant)}`
  return [first, ...parts.map(encodePart)].join('#') as TenantKey
}

function encodePart(part: string): string {
  if (part === '') throw new RangeError('a part of a tenant key is empty')
  return encodeURIComponent(part)
}
