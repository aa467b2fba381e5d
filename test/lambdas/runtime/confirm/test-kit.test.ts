import { expect, it } from 'vitest'
import * as z from 'zod'
import { defineAbility } from '../../../../lambdas/runtime/define-ability.ts'
import { call } from '../../../../lambdas/runtime/testing.ts'

const alice = { name: 'alice' }
const greetingOf = (confirms: boolean) =>
  defineAbility({
    name: 'greet',
    title: 'Greet',
    description: 'Greets by the name it is told.',
    scope: 'greetings:write',
    confirms,
    input: z.strictObject({}),
    output: z.object({ text: z.string() }),
    async run(_input, { confirm }) {
      const { name } = await confirm('Whom?', { schema: z.object({ name: z.string() }) })
      return { text: `Hello, ${name}` }
    },
  })
const greet = greetingOf(true)

it('a test says what the person answers', async () => {
  const questions: unknown[] = []
  const answer = (question: { params?: unknown }) => {
    questions.push(question.params)
    return { action: 'accept' as const, content: { name: 'Bob' } }
  }
  expect(await call(greet, {}, { as: alice, answer })).toEqual({ text: 'Hello, Bob' })
  expect(questions).toMatchObject([{ message: 'Whom?', requestedSchema: { required: ['name'] } }])
})

it.each([
  ['decline', 'declined'],
  ['cancel', 'dismissed'],
  ['accept', 'invalid_answer'],
] as const)('%s ends this ability as %s', async (answer, code) => {
  await expect(call(greet, {}, { as: alice, answer })).rejects.toMatchObject({ code })
})

it('a question without an answer fails the test, and so does one that is not declared', async () => {
  await expect(call(greet, {}, { as: alice })).rejects.toThrow('the test says no answer')
  const options = { as: alice, answer: 'accept' } as const
  await expect(call(greetingOf(false), {}, options)).rejects.toThrow('does not declare confirms: true')
})
