import type { ContentBlock, Icon } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { describeIssues, SAYING_WHAT_IS_ALLOWED } from '../../model/describe-issues.ts'
import type { ScopeLevel } from '../../model/scopes.ts'
import { type AbilityDeclaration, SkillsetError } from '../../model/skillset-declaration.ts'
import type { AbilityContext } from './ability-context.ts'
import { AbilityError } from './ability-error.ts'
import { withConfirmation } from './confirm/confirmation-argument.ts'
import { checkedIcons } from './icons.ts'

/** Hints about a tool's behaviour (MCP `ToolAnnotations`); clients decide with them what to ask their user. */
export interface AbilityAnnotations {
  readonly readOnlyHint?: boolean
  readonly destructiveHint?: boolean
  readonly idempotentHint?: boolean
  readonly openWorldHint?: boolean
}

/** What the author of an ability writes. */
export interface AbilityDefinition<Input extends z.ZodObject, Output extends z.ZodObject, Services> {
  /** The MCP tool's name: 1 to 64 letters, digits, `_`, `-`. */
  readonly name: string
  readonly title: string
  /** For the model that chooses among tools: what it does, when to use it. */
  readonly description: string
  /** The OAuth scope a token needs for it. */
  readonly scope: string
  /** `everyday` (default) is asked for at sign-in; `privileged` only some people may hold. */
  readonly level?: ScopeLevel
  readonly annotations?: AbilityAnnotations
  readonly icons?: Icon[]
  /** Whether it calls `confirm()`: `tools/list` then shows the argument by which clients confirm that cannot ask. */
  readonly confirms?: boolean
  /** Seconds it may take, without the time that somebody is asked; at most 300. Absent: as long as the function lives. */
  readonly timeout?: number
  readonly input: Input
  readonly output: Output
  /** @throws AbilityError for a refusal that the caller can act on */
  readonly run: (
    input: z.output<Input>,
    context: AbilityContext<Services>,
  ) => Promise<z.input<Output>> | z.input<Output>
  /** What clients show of the output, before its text: images, sound, embedded resources, links. Text stands in its place. */
  readonly content?: (
    output: z.output<Output>,
    context: AbilityContext<Services>,
  ) => readonly ContentBlock[] | Promise<readonly ContentBlock[]>
}

/** One MCP tool. `Services` is what it expects the skillset to build. */
export interface Ability<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
  Services = never,
> extends AbilityDeclaration {
  readonly description: string
  readonly annotations: AbilityAnnotations
  readonly icons?: Icon[]
  readonly confirms: boolean
  readonly timeout: number | undefined
  readonly input: Input
  readonly output: Output
  /** The same as JSON Schema, which `tools/list` shows. */
  readonly inputSchema: z.core.JSONSchema.BaseSchema
  readonly outputSchema: z.core.JSONSchema.BaseSchema
  /**
   * Validates the input, runs, validates the output.
   * @throws AbilityError `invalid_arguments` naming each wrong argument, or whatever the ability refuses with
   * @throws Error where the output does not match its own schema: a fault of the ability
   */
  readonly call: (input: unknown, context: AbilityContext<Services>) => Promise<z.output<Output>>
  /** What is shown of an output that `call` gave; empty where the ability says nothing of it. */
  readonly content: (
    output: Record<string, unknown>,
    context: AbilityContext<Services>,
  ) => Promise<readonly ContentBlock[]>
}

/** The intersection of what MCP clients accept as a tool's name. */
export const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/

/** Seconds: a skillset's function lives no longer. */
const LONGEST_TIMEOUT = 300

/**
 * Declares one ability. The types of `input` and of the result follow from the schemas.
 * @throws SkillsetError for a name that is not usable, and for schemas that `tools/list` cannot show
 */
export function defineAbility<Input extends z.ZodObject, Output extends z.ZodObject, Services = unknown>(
  definition: AbilityDefinition<Input, Output, Services>,
): Ability<Input, Output, Services> {
  const { name, title, description, scope, level = 'everyday', annotations = {}, input, output, run } = definition
  const { confirms = false, timeout } = definition
  if (!TOOL_NAME.test(name))
    throw new SkillsetError(
      `an ability's name: found ${JSON.stringify(name)}; allowed: 1 to 64 letters, digits, _ and -, such as create_event`,
    )
  if (timeout !== undefined && !(timeout > 0 && timeout <= LONGEST_TIMEOUT))
    throw new SkillsetError(
      `ability ${name}: timeout: found ${timeout}; allowed: seconds, more than 0 and at most ${LONGEST_TIMEOUT}`,
    )
  const inputSchema = jsonSchema(name, 'input', input)
  return {
    name,
    title,
    description,
    scope,
    level,
    annotations,
    ...checkedIcons(`ability ${name}`, definition.icons),
    confirms,
    timeout,
    input,
    output,
    inputSchema: confirms ? withConfirmation(name, inputSchema) : inputSchema,
    outputSchema: jsonSchema(name, 'output', output),
    async call(args, context) {
      const parsed = await input.safeParseAsync(args, SAYING_WHAT_IS_ALLOWED)
      if (!parsed.success)
        throw new AbilityError(
          'invalid_arguments',
          wrongValues(parsed.error, 'arguments'),
          'Correct the named arguments and call again; tools/list has the input schema.',
        )
      const result = await output.safeParseAsync(await run(parsed.data, context), SAYING_WHAT_IS_ALLOWED)
      if (!result.success)
        throw new Error(`the output is not what its schema says: ${wrongValues(result.error, 'output')}`)
      return result.data
    },
    content: async (result, context) => (await definition.content?.(result as z.output<Output>, context)) ?? [],
  }
}

/** Here and not at the first `tools/list`: a schema that cannot be shown stops synth. */
function jsonSchema(ability: string, io: 'input' | 'output', schema: z.ZodObject): z.core.JSONSchema.BaseSchema {
  const refuse = (found: string, allowed: string) =>
    new SkillsetError(`ability ${ability}: ${io}: found ${found}; allowed: ${allowed}`)
  // The compiler says so, too, but synth and start do without it.
  const { type } = (schema as Partial<z.ZodObject> | undefined)?.def ?? {}
  if (type !== 'object')
    throw refuse(
      type ? `a schema of type ${type}` : 'no zod schema',
      'z.strictObject({ … }) or z.object({ … }), because a tool takes and gives named values',
    )
  try {
    return z.toJSONSchema(schema, { io })
  } catch (error) {
    throw refuse(
      `what JSON Schema cannot say (${(error as Error).message})`,
      'values as JSON has them; a time, for one, is z.iso.datetime()',
    )
  }
}

/** A list of many items can be wrong in each. */
const MOST_TOLD = 10

/** One clause per wrong value: its path and the first of what is wrong. The value itself may be private. */
export function wrongValues(error: z.ZodError, whole: string): string {
  const clauses = new Map<string, string>()
  for (const { path, text } of describeIssues(error.issues, kindOf))
    if (!clauses.has(path)) clauses.set(path, `${path || whole}: ${text}`)
  const told = [...clauses.values()].slice(0, MOST_TOLD).join('; ')
  return clauses.size > MOST_TOLD ? `${told}; and ${clauses.size - MOST_TOLD} more` : told
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'string') return `a string of ${counted(value.length, 'character')}`
  if (Array.isArray(value)) return `an array of ${counted(value.length, 'item')}`
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
