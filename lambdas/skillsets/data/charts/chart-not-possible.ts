import { AbilityError } from '../../../runtime/ability-error.ts'
import type { Field } from './column-field.ts'

/** @param reason which columns, and why not; @param hint what to do about it */
export function chartNotPossible(reason: string, hint: string): AbilityError {
  return new AbilityError('chart_not_possible', reason, hint)
}

/** The columns as an error names them: `"month" (time), "id" (uuid)`. */
export function columnList(fields: readonly Field[]): string {
  return fields.map(({ column, role }) => `"${column.name}" (${role ?? column.kind})`).join(', ')
}
