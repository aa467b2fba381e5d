import type { ContentBlock } from '@modelcontextprotocol/server'
import * as z from 'zod'
import type { AbilityContext } from '../../../lambdas/runtime/ability-context.ts'
import { defineAbility } from '../../../lambdas/runtime/define-ability.ts'

/** The one scope of everything here: the suite signs in once. */
export const SCOPE = 'conformance:use'

/** What the suite expects of a tool, by the name that it calls it by; what `run` says is the result's text. */
export function testAbility<Shape extends z.ZodRawShape = Record<never, never>>(
  name: string,
  run: (context: AbilityContext<unknown>, input: z.output<z.ZodObject<Shape>>) => Promise<string>,
  { input, content }: { readonly input?: Shape; readonly content?: readonly ContentBlock[] } = {},
) {
  return defineAbility({
    name,
    title: name,
    description: `What the conformance suite expects of ${name}.`,
    scope: SCOPE,
    input: z.object(input ?? ({} as Shape)),
    output: z.object({ text: z.string() }),
    content: ({ text }) => content ?? [{ type: 'text', text }],
    run: async (given, context: AbilityContext<unknown>) => ({ text: await run(context, given) }),
  })
}
