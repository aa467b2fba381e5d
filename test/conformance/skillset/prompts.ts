import type { PromptMessage } from '@modelcontextprotocol/server'
import * as z from 'zod'
import type { AbilityContext } from '../../../lambdas/runtime/ability-context.ts'
import { definePrompt } from '../../../lambdas/runtime/define-prompt.ts'
import { form } from './questions.ts'
import { IMAGE } from './samples.ts'
import { SCOPE } from './test-ability.ts'

const user = (content: PromptMessage['content']): PromptMessage => ({ role: 'user', content })
const common = (name: string) => ({
  name,
  title: name,
  description: `What the conformance suite expects of ${name}.`,
  scope: SCOPE,
})

export const prompts = [
  definePrompt({
    ...common('test_simple_prompt'),
    arguments: z.object({}),
    messages: () => 'This is a simple prompt for testing.',
  }),
  definePrompt({
    ...common('test_prompt_with_arguments'),
    arguments: z.object({ arg1: z.string(), arg2: z.string() }),
    complete: { arg1: () => ['testing', 'paris', 'park', 'party'] },
    messages: ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
  }),
  definePrompt({
    ...common('test_prompt_with_embedded_resource'),
    arguments: z.object({ resourceUri: z.string() }),
    messages: ({ resourceUri: uri }) => [
      user({ type: 'resource', resource: { uri, mimeType: 'text/plain', text: 'Embedded resource content.' } }),
      user({ type: 'text', text: 'Please process the embedded resource above.' }),
    ],
  }),
  definePrompt({
    ...common('test_prompt_with_image'),
    arguments: z.object({}),
    messages: () => [
      user({ type: 'image', data: IMAGE, mimeType: 'image/png' }),
      user({ type: 'text', text: 'Please analyze the image above.' }),
    ],
  }),
  definePrompt({
    ...common('test_input_required_result_prompt'),
    arguments: z.object({}),
    messages: async (_given, { ask }: AbilityContext<unknown>) =>
      JSON.stringify(
        await ask({ user_context: form('What context should the prompt use?', z.object({ context: z.string() })) }),
      ),
  }),
]
