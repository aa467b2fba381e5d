import { inputRequired, ProtocolError } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { form, sample } from '../questions.ts'
import { testAbility } from '../test-ability.ts'

const NAME = form('What is your name?', z.object({ name: z.string() }))
const YES_OR_NO = form('Please confirm', z.object({ ok: z.boolean() }))

/** What clients of 2026-07-28 are asked by an input-required result (SEP-2322). */
export const inputRequiredResults = [
  testAbility('test_input_required_result_elicitation', async ({ ask }) =>
    JSON.stringify(await ask({ user_name: NAME })),
  ),
  testAbility('test_input_required_result_sampling', async ({ ask }) =>
    JSON.stringify(await ask({ capital_question: sample('What is the capital of France?') })),
  ),
  testAbility('test_input_required_result_list_roots', async ({ ask }) =>
    JSON.stringify(await ask({ client_roots: inputRequired.listRoots() })),
  ),
  testAbility('test_input_required_result_request_state', async ({ ask }) => {
    await ask({ confirm: YES_OR_NO })
    return 'state-ok'
  }),
  testAbility('test_input_required_result_tampered_state', async ({ ask }) => {
    await ask({ confirm: YES_OR_NO })
    return 'state-ok'
  }),
  testAbility('test_input_required_result_multiple_inputs', async ({ ask }) =>
    JSON.stringify(
      await ask({
        user_name: NAME,
        greeting: sample('Generate a greeting'),
        client_roots: inputRequired.listRoots(),
      }),
    ),
  ),
  testAbility('test_input_required_result_multi_round', async ({ ask }) => {
    const { step1 } = await ask({ step1: form('Step 1: What is your name?', z.object({ name: z.string() })) })
    const { step2 } = await ask({
      step2: form('Step 2: What is your favorite color?', z.object({ color: z.string() })),
    })
    return JSON.stringify([step1, step2])
  }),
  testAbility('test_input_required_result_capabilities', async ({ ask }) => {
    try {
      return JSON.stringify(await ask({ user_name: NAME }))
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      return JSON.stringify(await ask({ guess: sample('Guess the name of the user') }))
    }
  }),
  testAbility('test_missing_capability', async ({ ask }) =>
    JSON.stringify(await ask({ needed: sample('Say anything') })),
  ),
  testAbility('test_streaming_elicitation', async ({ ask, progress }) => {
    await progress({ done: 0 })
    return JSON.stringify(await ask({ user_name: NAME }))
  }),
]
