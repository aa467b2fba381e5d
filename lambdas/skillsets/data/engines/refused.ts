import { AbilityError } from '../../../runtime/ability-error.ts'

/**
 * A statement that is not run, or whose rows are not given.
 * @param reason what follows `The query was refused: `, without a full stop
 */
export function refused(reason: string, hint: string, options?: ErrorOptions): AbilityError {
  return new AbilityError('query_refused', `The query was refused: ${reason}.`, hint, options)
}
