import type { Need } from '../../model/skillset-declaration.ts'

export type TableNeed = Extract<Need, { kind: 'table' }>
export interface SecretNeed<Name extends string = string, Optional extends boolean = boolean> {
  readonly kind: 'secret'
  readonly name: Name
  readonly optional: Optional
}

/** A data table of the server's own; its role may read and write it. */
export function table(): TableNeed {
  return { kind: 'table' }
}

/** A secret that an administrator sets; its value is never in a template. With `optional` the skillset works without. */
export function secret<const Name extends string>(name: Name): SecretNeed<Name, false>
export function secret<const Name extends string>(
  name: Name,
  options: { readonly optional: true },
): SecretNeed<Name, true>
export function secret(name: string, options?: { readonly optional: true }): SecretNeed {
  return { kind: 'secret', name, optional: options?.optional ?? false }
}
