/** Where a declared `table` or `schema.table` is. */
export function placeOf(table: string): { readonly schema: string; readonly relation: string } {
  const [first = '', second] = table.split('.')
  return second === undefined ? { schema: 'public', relation: first } : { schema: first, relation: second }
}

/** Its name written out whole, so that no search path has a say. */
export function qualified(table: string): string {
  const { schema, relation } = placeOf(table)
  return `"${schema}"."${relation}"`
}
