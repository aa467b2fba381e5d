import type { Attributes, Expression, Key, Table } from '../store/table.ts'

/** Whose item it is: the stack's name, and the resource's logical id in it. */
export interface Owner {
  readonly stack: string
  readonly logicalId: string
}

/** The registrar's part of the factory table. Each method throws StoreUnavailable where the table does not answer. */
export interface Registrations {
  get(key: Key): Promise<Attributes | undefined>
  /** The sort keys of a partition. */
  sortKeys(pk: string): Promise<string[]>
  /** Writes where nothing is, or over what the same stack wrote. @returns false where the item is another stack's */
  put(key: Key, owner: Owner, attributes: Attributes): Promise<boolean>
  /**
   * Deletes what exactly this resource wrote. Not what another resource of the same stack did: when a resource's logical
   * id changes, CloudFormation first creates the new one, then deletes the old one, with one physical id.
   * @returns false where the item is another's
   */
  delete(key: Key, owner: Owner): Promise<boolean>
}

export function openRegistrations(table: Table): Registrations {
  return {
    get: (key) => table.get(key),

    async sortKeys(pk) {
      return (await table.query(pk)).map(({ sk }) => String(sk))
    },

    put: (key, { stack, logicalId }, attributes) =>
      table.put(key, { ...attributes, stack, logicalId }, absentOr('#stack = :stack', { stack })),

    delete: (key, { stack, logicalId }) =>
      table.delete(key, absentOr('(#stack = :stack AND #logicalId = :logicalId)', { stack, logicalId })),
  }
}

function absentOr(text: string, values: Attributes): Expression {
  return { text: `attribute_not_exists(#pk) OR ${text}`, values }
}
