import { expect, it } from 'vitest'
import { measureInTurns } from '../../../bench/data/in-turns.ts'

it('measures in turns, and leaves the first rounds out', async () => {
  const asked: string[] = []
  let time = 0
  const timer = (name: string) => async () => {
    asked.push(name)
    return time++
  }
  const times = await measureInTurns({ one: timer('one'), other: timer('other') }, 2)
  expect(asked).toEqual(['one', 'other', 'one', 'other', 'one', 'other'])
  expect([...times]).toEqual([
    ['one', [2, 4]],
    ['other', [3, 5]],
  ])
})
