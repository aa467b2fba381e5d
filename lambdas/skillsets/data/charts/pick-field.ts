import { chartNotPossible, columnList } from './chart-not-possible.ts'
import { asNumber, asTime, type Field, type Role } from './column-field.ts'

export type PickedField = Field & { readonly role: Role }

/**
 * The column of one axis: the wanted one, read as a role that this axis can have, or the first free one with such a role.
 * @param axis as the caller names it, for the error
 * @throws AbilityError `chart_not_possible`
 */
export function pickField(
  fields: readonly Field[],
  axis: string,
  roles: readonly Role[],
  wanted: string | undefined,
  taken: readonly Field[] = [],
): PickedField {
  const free = fields.filter(({ column }) => !taken.some((other) => other.column.name === column.name))
  if (wanted !== undefined) return readAs(wantedField(fields, axis, wanted), axis, roles)
  for (const role of roles) {
    const field = free.find((candidate) => candidate.role === role)
    if (field !== undefined) return { ...field, role }
  }
  throw chartNotPossible(
    `There is no column for ${axis}, which needs a ${roles.join(' or ')}; the columns are ${columnList(fields)}.`,
    `Select one, or name a column for ${axis} that is there.`,
  )
}

/** @throws AbilityError `chart_not_possible` where there is no such column */
export function wantedField(fields: readonly Field[], axis: string, wanted: string): Field {
  const field = fields.find(({ column }) => column.name === wanted)
  if (field !== undefined) return field
  throw chartNotPossible(
    `There is no column "${wanted}" for ${axis}; the columns are ${columnList(fields)}.`,
    'Name a column as the query gives it.',
  )
}

/** A named column may be read as what it is not by itself: a number of a shop is a category where somebody says so. */
function readAs(field: Field, axis: string, roles: readonly Role[]): PickedField {
  const role = roles.find((candidate) => candidate === field.role) ?? roles.find((candidate) => canBe(field, candidate))
  if (role !== undefined) return { ...field, role }
  throw chartNotPossible(
    `The column "${field.column.name}" (${field.role ?? field.column.kind}) cannot be ${axis}, which needs a ${roles.join(' or ')}.`,
    `Name another column for ${axis}, or cast it in the SQL.`,
  )
}

function canBe({ column, values }: Field, role: Role): boolean {
  if (role === 'category') return !['binary', 'list', 'struct', 'map'].includes(column.kind)
  const read = role === 'time' ? asTime : asNumber
  const present = values.filter((value) => value !== null)
  return (
    (role === 'number') === ['integer', 'decimal', 'float'].includes(column.kind) &&
    present.every((value) => read(value) !== null)
  )
}
