import type * as z from 'zod'
import type { AbilityContext, AbilityLog, Caller, ProgressUpdate } from './ability-context.ts'
import type { Ability } from './define-ability.ts'

/** Who a test calls as; whatever is left out follows from the name. */
export interface TestPerson extends Partial<Caller> {
  readonly name: string
}

export type CallOptions<Services> = {
  readonly as: TestPerson
  readonly signal?: AbortSignal
  readonly onProgress?: (update: ProgressUpdate) => void
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
  const { as, signal = new AbortController().signal, onProgress } = options
  const { name } = as
  const context: AbilityContext<Services> = {
    person: {
      id: `person-${name}`,
      email: `${name}@example.com`,
      tenant: 'example',
      scopes: [ability.scope],
      clientId: 'test',
      ...as,
    },
    services: options.services as Services,
    signal,
    progress: async (update) => onProgress?.(update),
    log: SILENT,
    requestId: 'test',
  }
  return await ability.call(input, context)
}
