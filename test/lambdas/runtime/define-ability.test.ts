import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineAbility } from '../../../lambdas/runtime/define-ability.ts'
import { defineSkillset } from '../../../lambdas/runtime/define-skillset.ts'
import { call } from '../../../lambdas/runtime/testing.ts'
import { connect } from './support/connect.ts'

const about = { name: 'tell_time', title: 'Tell the time', description: 'Tells the time.', scope: 'time:read' }
const empty = z.strictObject({})

describe('schemas that tools/list cannot show stop synth and start', () => {
  it('an input that is no object', () => {
    // @ts-expect-error a tool's arguments have names
    const declare = () => defineAbility({ ...about, input: z.string(), output: empty, run: () => ({}) })
    expect(declare).toThrow('ability tell_time: input: found a schema of type string; allowed: z.strictObject({ … })')
  })

  it('an output that is no object, or no schema', () => {
    // @ts-expect-error a tool's result has names
    const list = () => defineAbility({ ...about, input: empty, output: z.array(z.string()), run: () => [] })
    expect(list).toThrow('output: found a schema of type array; allowed: ')
    // @ts-expect-error nothing says what the result is
    expect(() => defineAbility({ ...about, input: empty, run: () => ({}) })).toThrow('output: found no zod schema')
  })

  it('a value that JSON does not have', () => {
    const declare = () =>
      defineAbility({ ...about, input: z.strictObject({ at: z.date() }), output: empty, run: () => ({}) })
    expect(declare).toThrow(/ability tell_time: input: found what JSON Schema cannot say \(Date .*\); allowed: values/)
  })
})

it('a wrong argument is told once, whatever number of checks it fails; each argument for itself', async () => {
  const start = z.iso.datetime({ error: 'a time' }).refine((value) => Date.parse(value) > 0, 'a time after 1970')
  const ability = defineAbility({
    ...about,
    input: z.strictObject({ start, end: start }),
    output: empty,
    run: () => ({}),
  })
  await expect(call(ability, { start: 'tomorrow', end: 'later' }, { as: { name: 'alice' } })).rejects.toThrow(
    /^start: found a string of 8 characters; allowed: a time; end: found a string of 5 characters; allowed: a time$/,
  )
})

it('content says in words of the ability’s own what its output is, as the same person', async () => {
  const chart = defineAbility({
    ...about,
    input: empty,
    output: z.object({ bars: z.int() }),
    run: () => ({ bars: 3 }),
    content: ({ bars }, { person }) => [{ type: 'text', text: `${bars} bars for ${person.name}` }],
  })
  const skillset = defineSkillset({ name: 'charts', title: 'Charts', instructions: 'For tests.', abilities: [chart] })
  const client = await connect(skillset, { as: { name: 'alice' }, services: undefined })
  const { content, structuredContent } = await client.callTool({ name: about.name })
  expect(content).toEqual([{ type: 'text', text: '3 bars for alice' }])
  expect(structuredContent).toEqual({ bars: 3 })
  await client.close()
})
