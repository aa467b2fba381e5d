import { type ClientCapabilities, type InputRequest, inputRequired } from '@modelcontextprotocol/server'
import { expect, it } from 'vitest'
import { canBeAsked, neededCapability } from '../../../../lambdas/runtime/confirm/client-capabilities.ts'

const form = inputRequired.elicit({ message: 'Sure?', requestedSchema: { type: 'object', properties: {} } })
const url = inputRequired.elicitUrl({ message: 'Sign in.', url: 'https://sign-in.example.com' })
const sample = { messages: [], maxTokens: 10 }
const sampling = inputRequired.createMessage(sample)
const withTools = inputRequired.createMessage({ ...sample, tools: [] })
const roots = inputRequired.listRoots()

const cases: [string, InputRequest, ClientCapabilities, ClientCapabilities[], ClientCapabilities[]][] = [
  [
    'a form',
    form,
    { elicitation: { form: {} } },
    [{ elicitation: {} }, { elicitation: { form: {} } }, { elicitation: { form: {}, url: {} } }],
    [{}, { elicitation: { url: {} } }, { sampling: {}, roots: {} }],
  ],
  [
    'a page to visit',
    url,
    { elicitation: { url: {} } },
    [{ elicitation: { url: {} } }],
    [{}, { elicitation: {} }, { elicitation: { form: {} } }],
  ],
  ['a model', sampling, { sampling: {} }, [{ sampling: {} }, { sampling: { tools: {} } }], [{}, { elicitation: {} }]],
  ['a model with tools', withTools, { sampling: { tools: {} } }, [{ sampling: { tools: {} } }], [{}, { sampling: {} }]],
  ['folders', roots, { roots: {} }, [{ roots: {} }], [{}, { elicitation: {}, sampling: { tools: {} } }]],
]

it.each(cases)('only a client that declared it is asked for %s', (_what, question, needed, declared, others) => {
  expect(neededCapability(question)).toEqual(needed)
  for (const one of declared) expect(canBeAsked(question, one), JSON.stringify(one)).toBe(true)
  for (const one of others) expect(canBeAsked(question, one), JSON.stringify(one)).toBe(false)
})
