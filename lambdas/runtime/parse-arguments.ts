import type * as z from 'zod'
import { SAYING_WHAT_IS_ALLOWED } from '../../model/describe-issues.ts'
import { SkillsetError } from '../../model/skillset-declaration.ts'
import { AbilityError } from './ability-error.ts'
import { wrongValues } from './define-ability.ts'

/**
 * The arguments of a prompt or of a resource template: text by name, as the protocol has them.
 * @throws AbilityError `invalid_arguments` naming each wrong one
 */
export async function parseArguments<Schema extends z.ZodObject>(
  schema: Schema,
  given: Readonly<Record<string, string>>,
): Promise<z.output<Schema>> {
  const parsed = await schema.safeParseAsync(given, SAYING_WHAT_IS_ALLOWED)
  if (parsed.success) return parsed.data
  throw new AbilityError(
    'invalid_arguments',
    wrongValues(parsed.error, 'arguments'),
    'Correct the named arguments; the list that it stands in says which there are.',
  )
}

/** @throws SkillsetError for completions of arguments that there are not */
export function assertCompletable(
  owner: string,
  complete: Readonly<Record<string, unknown>>,
  schema: z.ZodObject,
): void {
  const declared = Object.keys(schema.shape)
  const unknown = Object.keys(complete).find((name) => !declared.includes(name))
  if (unknown !== undefined)
    throw new SkillsetError(
      `${owner}: complete: found ${JSON.stringify(unknown)}; allowed: its arguments (${declared.join(', ') || 'none'})`,
    )
}
