import { expect, it } from 'vitest'
import { VerifiedTokens } from '../../../lambdas/authorizer/verified-tokens.ts'
import { tokenOf } from './fixtures.ts'

it('remembers a token by the whole of it', () => {
  const tokens = new VerifiedTokens(2)
  tokens.add('header.payload.signature', tokenOf())
  expect(tokens.get('header.payload.signature')).toEqual(tokenOf())
  for (const other of ['header.payload.signaturf', 'header.payload.', 'header.payload', ''])
    expect(tokens.get(other)).toBeUndefined()
})

it('forgets the least recently used one when it is full', () => {
  const tokens = new VerifiedTokens(2)
  tokens.add('a', tokenOf({ sub: 'a' }))
  tokens.add('b', tokenOf({ sub: 'b' }))
  tokens.get('a')
  tokens.add('c', tokenOf({ sub: 'c' }))
  expect(['a', 'b', 'c'].map((token) => tokens.get(token)?.claims.sub)).toEqual(['a', undefined, 'c'])
})

it('counts a token that is added twice once', () => {
  const tokens = new VerifiedTokens(2)
  for (const token of ['a', 'b', 'b', 'b']) tokens.add(token, tokenOf())
  expect(tokens.get('a')).toBeDefined()
})

it('remembers nothing for being asked: strangers push no token out', () => {
  const tokens = new VerifiedTokens(2)
  tokens.add('a', tokenOf())
  for (const stranger of ['b', 'c', 'd']) expect(tokens.get(stranger)).toBeUndefined()
  tokens.add('e', tokenOf())
  expect(tokens.get('a')).toBeDefined()
})
