import * as z from 'zod'
import type { ScopeLevel } from '../../model/scopes.ts'
import { type AbilityDeclaration, SkillsetError } from '../../model/skillset-declaration.ts'
import type { AbilityContext } from './ability-context.ts'
import { AbilityError } from './ability-error.ts'

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
  readonly input: Input
  readonly output: Output
  /** @throws AbilityError for a refusal that the caller can act on */
  readonly run: (
    input: z.output<Input>,
    context: AbilityContext<Services>,
  ) => Promise<z.input<Output>> | z.input<Output>
}

/** One MCP tool. `Services` is what it expects the skillset to build. */
export interface Ability<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
  Services = never,
> extends AbilityDeclaration {
  readonly description: string
  readonly annotations: AbilityAnnotations
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
}

/** The intersection of what MCP clients accept as a tool's name. */
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/

/**
 * Declares one ability. The types of `input` and of the result follow from the schemas.
 * @throws SkillsetError for a name that is not usable, and for schemas that `tools/list` cannot show
 */
export function defineAbility<Input extends z.ZodObject, Output extends z.ZodObject, Services = unknown>(
  definition: AbilityDefinition<Input, Output, Services>,
): Ability<Input, Output, Services> {
  const { name, title, description, scope, level = 'everyday', annotations = {}, input, output, run } = definition
  if (!TOOL_NAME.test(name))
    throw new SkillsetError(
      `an ability's name: found ${JSON.stringify(name)}; allowed: 1 to 64 letters, digits, _ and -, such as create_event`,
    )
  return {
    name,
    title,
    description,
    scope,
    level,
    annotations,
    input,
    output,
    inputSchema: jsonSchema(name, 'input', input),
    outputSchema: jsonSchema(name, 'output', output),
    async call(args, context) {
      const parsed = await input.safeParseAsync(args)
      if (!parsed.success)
        throw new AbilityError(
          'invalid_arguments',
          describeIssues(parsed.error),
          'Correct the named arguments and call again; tools/list has the input schema.',
        )
      return await output.parseAsync(await run(parsed.data, context))
    },
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

/** One clause per wrong argument: its path and the first of what is wrong. The value itself is not repeated. */
function describeIssues(error: z.ZodError): string {
  const clauses = new Map<string, string>()
  for (const { path, message } of error.issues) {
    const argument = path.map(String).join('.') || 'arguments'
    if (!clauses.has(argument)) clauses.set(argument, `${argument}: ${message}`)
  }
  return [...clauses.values()].join('; ')
}
