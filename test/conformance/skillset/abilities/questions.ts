import { inputRequired } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { form, sample } from '../questions.ts'
import { testAbility } from '../test-ability.ts'

const OPTIONS = ['option1', 'option2', 'option3']
const titled = (...titles: string[]) => titles.map((title, index) => ({ const: `value${index + 1}`, title }))

/** A form with a default for each kind of value (SEP-1034). */
const DEFAULTS = z.object({
  name: z.string().default('John Doe'),
  age: z.int().default(30),
  score: z.number().default(95.5),
  status: z.enum(['active', 'inactive', 'pending']).default('active'),
  verified: z.boolean().default(true),
})

/** A form with each kind of choice (SEP-1330). */
const ENUMS = {
  untitledSingle: { type: 'string', enum: OPTIONS },
  titledSingle: { type: 'string', oneOf: titled('First Option', 'Second Option', 'Third Option') },
  legacyEnum: {
    type: 'string',
    enum: ['opt1', 'opt2', 'opt3'],
    enumNames: ['Option One', 'Option Two', 'Option Three'],
  },
  untitledMulti: { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string', enum: OPTIONS } },
  titledMulti: {
    type: 'array',
    minItems: 1,
    maxItems: 3,
    items: { anyOf: titled('First Choice', 'Second Choice', 'Third Choice') },
  },
} as const

const CONTACT = z.object({ username: z.string(), email: z.email() })

/** What 2025-era clients are asked within the stream of the call. */
export const questions = [
  testAbility(
    'test_sampling',
    async ({ ask }, { prompt }) => {
      const { sampled } = await ask({ sampled: sample(prompt) })
      return `LLM response: ${JSON.stringify(sampled)}`
    },
    { input: { prompt: z.string() } },
  ),
  testAbility(
    'test_elicitation',
    async ({ ask }, { message }) => {
      const { contact } = await ask({ contact: form(message, CONTACT) })
      return `User response: ${JSON.stringify(contact)}`
    },
    { input: { message: z.string() } },
  ),
  testAbility('test_elicitation_sep1034_defaults', async ({ ask }) => {
    const { filled } = await ask({ filled: form('Please review the form', DEFAULTS) })
    return `Elicitation completed: ${JSON.stringify(filled)}`
  }),
  testAbility('test_elicitation_sep1330_enums', async ({ ask }) => {
    const requestedSchema = { type: 'object' as const, properties: ENUMS }
    const { chosen } = await ask({
      chosen: inputRequired.elicit({ message: 'Please select options', requestedSchema }),
    })
    return `Elicitation completed: ${JSON.stringify(chosen)}`
  }),
]
