import { type InputRequests, inputRequired } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { AbilityError } from '../ability-error.ts'

/**
 * Asks the person, and goes on only if they agree.
 * @throws AbilityError `declined` where they say no, `dismissed` where they close the question, `invalid_answer` where
 * what they filled in does not match the schema; where it is not caught, that is the ability's outcome
 */
export interface Confirm {
  (question: string): Promise<void>
  /** Also has a form filled in: names with texts, numbers, booleans or choices, nothing nested. */
  <Schema extends z.ZodObject>(question: string, form: { readonly schema: Schema }): Promise<z.output<Schema>>
}

/** Puts questions to the client by names of one's choice; resolves with its answers by the same names. */
export type Ask = (questions: InputRequests) => Promise<Readonly<Record<string, unknown>>>

/** The name of the question that `confirm()` asks. */
const CONFIRM = 'confirm'

/** A question that wants no more than yes or no has an empty form: the client's own buttons are the answer. */
const NO_FORM = { type: 'object', properties: {} } as const

const answer = z.object({
  action: z.enum(['accept', 'decline', 'cancel']),
  content: z.record(z.string(), z.unknown()).optional(),
})

/**
 * Makes `confirm()` of a way to ask.
 * @param answered told what the person did: `accept`, `decline`, `cancel`
 */
export function confirmBy(ask: Ask, answered: (action: string) => void = () => undefined): Confirm {
  async function confirm<Schema extends z.ZodObject>(message: string, form?: { readonly schema: Schema }) {
    const question = inputRequired.elicit({ message, requestedSchema: form?.schema ?? NO_FORM })
    const { data } = answer.safeParse((await ask({ [CONFIRM]: question }))[CONFIRM])
    if (data === undefined) throw invalidAnswer()
    const { action, content } = data
    answered(action)
    if (action === 'decline') throw new AbilityError('declined', 'The person said no.', 'Do not call it again unasked.')
    if (action === 'cancel')
      throw new AbilityError('dismissed', 'The person closed the question without an answer.', 'Ask what they want.')
    if (form === undefined) return undefined
    const values = await form.schema.safeParseAsync(content ?? {})
    if (values.success) return values.data
    throw invalidAnswer()
  }
  return confirm as Confirm
}

function invalidAnswer(): AbilityError {
  return new AbilityError('invalid_answer', 'What was answered does not match the question.', 'Call it again.')
}
