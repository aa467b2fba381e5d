import type { InputRequest } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { SkillsetError } from '../../../model/skillset-declaration.ts'
import { AbilityError } from '../ability-error.ts'

/** The argument that abilities with `confirms` take beside their own: for clients that cannot ask their person. */
export const CONFIRMATION = 'confirmation'

const confirmation = z.object({
  token: z.string(),
  values: z.record(z.string(), z.unknown()).optional(),
})

export type Confirmation = z.output<typeof confirmation>

const CONFIRMATION_SCHEMA: z.core.JSONSchema.BaseSchema = {
  type: 'object',
  description:
    'Leave it out at first. Only where an earlier call answered confirmation_required and the person has agreed: the ' +
    'token of that answer, and what it asked to be filled in.',
  properties: { token: { type: 'string' }, values: { type: 'object' } },
  required: ['token'],
  additionalProperties: false,
}

/**
 * The input schema that `tools/list` shows of an ability that confirms.
 * @throws SkillsetError where the ability has an argument of that name
 */
export function withConfirmation(ability: string, schema: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema {
  if (schema.properties && CONFIRMATION in schema.properties)
    throw new SkillsetError(
      `ability ${ability}: input: found an argument ${CONFIRMATION}; allowed: any other name, because an ability with confirms: true is given one of this name`,
    )
  return { ...schema, properties: { ...schema.properties, [CONFIRMATION]: CONFIRMATION_SCHEMA } }
}

/** Takes the argument out of a call's arguments; one that is malformed is none. */
export function takeConfirmation(input: unknown): {
  readonly input: unknown
  readonly confirmation: Confirmation | undefined
} {
  if (typeof input !== 'object' || input === null || !(CONFIRMATION in input)) return { input, confirmation: undefined }
  const { [CONFIRMATION]: given, ...rest } = input
  return { input: rest, confirmation: confirmation.safeParse(given).data }
}

/** The answer to a call that has to be confirmed, by a client that can show no question of ours. */
export function confirmationRequired(tool: string, { params }: InputRequest, token: string): AbilityError {
  const { message = '', requestedSchema } = (params ?? {}) as {
    readonly message?: string
    readonly requestedSchema?: { readonly properties?: object }
  }
  const asksForValues = Object.keys(requestedSchema?.properties ?? {}).length > 0
  const argument = JSON.stringify({ token, ...(asksForValues && { values: {} }) })
  const values = asksForValues ? ` Fill in values as this schema says: ${JSON.stringify(requestedSchema)}.` : ''
  return new AbilityError(
    'confirmation_required',
    message,
    `Ask the person exactly this. Only if they agree, call ${tool} again within five minutes with the same arguments ` +
      `and "${CONFIRMATION}": ${argument}.${values}`,
  )
}
