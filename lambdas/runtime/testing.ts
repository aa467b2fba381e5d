import type { InputRequest, InputResponse, PromptMessage } from '@modelcontextprotocol/server'
import type * as z from 'zod'
import type { AbilityContext, AbilityLog, Caller, ProgressUpdate } from './ability-context.ts'
import { type Ask, confirmBy } from './confirm/confirm.ts'
import type { Ability } from './define-ability.ts'
import type { Prompt } from './define-prompt.ts'
import type { Resource, ResourceContent } from './define-resource.ts'

/** Who a test calls as; whatever is left out follows from the name. */
export interface TestPerson extends Partial<Caller> {
  readonly name: string
}

export type CallOptions<Services> = {
  readonly as: TestPerson
  readonly signal?: AbortSignal
  readonly onProgress?: (update: ProgressUpdate) => void
  /** What the person, or the client, answers to each question; without it a question fails the test. */
  readonly answer?: 'accept' | 'decline' | 'cancel' | ((question: InputRequest) => InputResponse)
  // An ability that uses none of the skillset's services is called without.
} & (unknown extends Services ? { readonly services?: Services } : { readonly services: Services })

const SILENT: AbilityLog = { debug() {}, info() {}, warn() {}, error() {} }

/**
 * Calls an ability as a person, without a server: input and output are validated as the runtime does, scopes are not
 * asked for.
 * @throws AbilityError where the ability refuses
 */
export async function call<Input extends z.ZodObject, Output extends z.ZodObject, Services>(
  ability: Ability<Input, Output, Services>,
  input: z.input<Input>,
  options: CallOptions<Services>,
): Promise<z.output<Output>> {
  const context = contextOf(ability.scope, options)
  return await ability.call(input, ability.confirms ? context : { ...context, confirm: undeclared })
}

/**
 * Reads a resource as a person, without a server.
 * @param variables those of a template; they are validated as the runtime does
 * @throws AbilityError where the resource refuses
 */
export async function read<Services>(
  resource: Resource<Services>,
  options: CallOptions<Services>,
  variables: Readonly<Record<string, string>> = {},
): Promise<ResourceContent> {
  return await resource.read(variables, contextOf(resource.scope, options))
}

/**
 * Gets a prompt's messages as a person, without a server; its arguments are validated as the runtime does.
 * @throws AbilityError where the prompt refuses
 */
export async function get<Services>(
  prompt: Prompt<Services>,
  given: Readonly<Record<string, string>>,
  options: CallOptions<Services>,
): Promise<PromptMessage[]> {
  return await prompt.messages(given, contextOf(prompt.scope, options))
}

function contextOf<Services>(scope: string, options: CallOptions<Services>): AbilityContext<Services> {
  const { as, signal = new AbortController().signal, onProgress } = options
  const ask = askWith(options.answer)
  const { name } = as
  return {
    person: {
      id: `person-${name}`,
      email: `${name}@example.com`,
      tenant: 'example',
      scopes: [scope],
      clientId: 'test',
      ...as,
    },
    services: options.services as Services,
    signal,
    progress: async (update) => onProgress?.(update),
    ask,
    confirm: confirmBy(ask),
    log: SILENT,
    requestId: 'test',
  }
}

/** An ability that forgot would not work with clients that cannot ask. */
async function undeclared(): Promise<never> {
  throw new Error('it calls confirm(), and does not declare confirms: true')
}

function askWith(answer: CallOptions<unknown>['answer']): Ask {
  const answerTo = (question: InputRequest) => {
    if (answer === undefined)
      throw new Error(`it asks, and the test says no answer: ${JSON.stringify(question.params)}`)
    return typeof answer === 'function' ? answer(question) : { action: answer, content: {} }
  }
  return async (questions) =>
    Object.fromEntries(Object.entries(questions).map(([name, question]) => [name, answerTo(question)]))
}
