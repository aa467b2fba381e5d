import { expect, it } from 'vitest'
import { errorChain } from '../../../lambdas/shell/error-chain.ts'

it('names an error and its causes, the outermost first', () => {
  const cause = new RangeError('inner', { cause: 'a word' })
  expect(errorChain(new Error('outer', { cause }))).toEqual(['Error: outer', 'RangeError: inner', 'a word'])
})

it('tells what was thrown that is no error', () => {
  expect(errorChain('a word')).toEqual(['a word'])
  expect(errorChain(null)).toEqual(['null'])
})

it('ends, also where an error is its own cause', () => {
  const error = new Error('again')
  error.cause = error
  expect(errorChain(error)).toHaveLength(5)
})
