import type * as z from 'zod'
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
 * @throws SkillsetError for a name that is not usable
 */
export function defineAbility<Input extends z.ZodObject, Output extends z.ZodObject, Services = unknown>(
  definition: AbilityDefinition<Input, Output, Services>,
): Ability<Input, Output, Services> {
  const { name, title, description, scope, level = 'everyday', annotations = {}, input, output, run } = definition
  if (!TOOL_NAME.test(name)) throw new SkillsetError(`${JSON.stringify(name)} is not usable as an ability's name`)
  return {
    name,
    title,
    description,
    scope,
    level,
    annotations,
    input,
    output,
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

/** One clause per wrong argument: its path and what is allowed. The value itself is not repeated. */
function describeIssues(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'arguments'}: ${message}`).join('; ')
}
