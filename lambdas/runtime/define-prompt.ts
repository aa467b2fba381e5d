import type { Icon, PromptMessage } from '@modelcontextprotocol/server'
import * as z from 'zod'
import type { ScopeLevel } from '../../model/scopes.ts'
import { type AbilityDeclaration, SkillsetError } from '../../model/skillset-declaration.ts'
import type { AbilityContext } from './ability-context.ts'
import type { Completions } from './completions.ts'
import { TOOL_NAME } from './define-ability.ts'
import { checkedIcons } from './icons.ts'
import { assertCompletable, parseArguments } from './parse-arguments.ts'

/** What the author of a prompt writes. */
export interface PromptDefinition<Arguments extends z.ZodObject, Services> {
  /** 1 to 64 letters, digits, `_`, `-`; clients make a command of it. */
  readonly name: string
  readonly title: string
  /** For the person who chooses it. */
  readonly description: string
  /** The OAuth scope a token needs for it. */
  readonly scope: string
  /** `everyday` (default) is asked for at sign-in; `privileged` only some people may hold. */
  readonly level?: ScopeLevel
  readonly icons?: Icon[]
  /** All of them are text, as the protocol has it. */
  readonly arguments: Arguments
  readonly complete?: Completions<Services>
  /**
   * What the conversation begins with; text is one message of the person's.
   * @throws AbilityError for a refusal that the caller can act on
   */
  readonly messages: (
    given: z.output<Arguments>,
    context: AbilityContext<Services>,
  ) => PromptMessages | Promise<PromptMessages>
}

type PromptMessages = string | readonly PromptMessage[]

/** One MCP prompt. */
export interface Prompt<Services = never> extends AbilityDeclaration {
  readonly description: string
  readonly icons?: Icon[]
  /** What `prompts/list` says of its arguments. */
  readonly arguments: readonly { readonly name: string; readonly description?: string; readonly required: boolean }[]
  readonly complete: Completions<Services>
  /** @throws AbilityError `invalid_arguments` naming each wrong one, or whatever the prompt refuses with */
  readonly messages: (
    given: Readonly<Record<string, string>>,
    context: AbilityContext<Services>,
  ) => Promise<PromptMessage[]>
}

/**
 * Declares one prompt. The types of what `messages` is given follow from the schema.
 * @throws SkillsetError for a name that is not usable, completions of no argument, and icons that clients may not load
 */
export function definePrompt<Arguments extends z.ZodObject, Services = unknown>({
  arguments: schema,
  complete = {},
  messages,
  level = 'everyday',
  icons,
  ...metadata
}: PromptDefinition<Arguments, Services>): Prompt<Services> {
  const { name } = metadata
  if (!TOOL_NAME.test(name))
    throw new SkillsetError(
      `a prompt's name: found ${JSON.stringify(name)}; allowed: 1 to 64 letters, digits, _ and -, such as plan_my_week`,
    )
  assertCompletable(`prompt ${name}`, complete, schema)
  return {
    ...metadata,
    level,
    ...checkedIcons(`prompt ${name}`, icons),
    arguments: argumentsOf(schema),
    complete,
    async messages(given, context) {
      const made = await messages(await parseArguments(schema, given), context)
      return typeof made === 'string' ? [{ role: 'user', content: { type: 'text', text: made } }] : [...made]
    },
  }
}

function argumentsOf(schema: z.ZodObject): Prompt['arguments'] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' })
  return Object.entries(properties).map(([name, argument]) => ({
    name,
    ...(typeof argument === 'object' && argument.description !== undefined && { description: argument.description }),
    required: required.includes(name),
  }))
}
