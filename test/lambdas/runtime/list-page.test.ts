import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineAbility } from '../../../lambdas/runtime/define-ability.ts'
import { defineSkillset } from '../../../lambdas/runtime/define-skillset.ts'
import { listPage } from '../../../lambdas/runtime/list-page.ts'
import { connect } from './support/connect.ts'

const many = Array.from({ length: 250 }, (_, n) => ({ name: `tool_${n}` }))

describe('a list', () => {
  it('comes in pages that lose and repeat nothing', () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const { page, nextCursor } = listPage(many, cursor, 'request-1')
      seen.push(...page.map(({ name }) => name))
      cursor = nextCursor
    } while (cursor !== undefined)
    expect(seen).toEqual(many.map(({ name }) => name))
  })

  it.each([0, 1, 100])('of %i entries is one page', (length) => {
    expect(listPage(many.slice(0, length), undefined, 'request-1')).toEqual({ page: many.slice(0, length) })
  })

  it('refuses a cursor that is not of it', () => {
    const { nextCursor = '' } = listPage(many, undefined, 'request-1')
    for (const cursor of ['', 'x', 'tool_99', `${nextCursor}=`])
      expect(() => listPage(many, cursor, 'request-1')).toThrow('Unknown cursor')
    expect(() => listPage(many.slice(0, 50), nextCursor, 'request-1')).toThrow('Unknown cursor')
  })
})

it('a client that follows the cursors gets every tool, and is told of a wrong one', async () => {
  const nothing = z.strictObject({})
  const abilities = many.map(({ name }) =>
    defineAbility({
      name,
      title: name,
      description: 'For tests.',
      scope: 'many:use',
      input: nothing,
      output: nothing,
      run: () => ({}),
    }),
  )
  const skillset = defineSkillset({ name: 'many', title: 'Many', instructions: 'For tests.', abilities })
  const client = await connect(skillset, { as: { name: 'alice' }, services: undefined })
  expect((await client.listTools()).tools).toHaveLength(250)
  await expect(client.listTools({ cursor: 'nonsense' })).rejects.toMatchObject({
    code: -32602,
    data: { code: 'invalid_cursor', requestId: 'request-1' },
  })
  await client.close()
})
