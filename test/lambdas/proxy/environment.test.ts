import { expect, it } from 'vitest'
import { parseEnvironment } from '../../../lambdas/proxy/environment.ts'

const VARIABLES = {
  SERVER_NAME: 'wiki',
  ALLOWED_ORIGINS: '[]',
  BACKEND: JSON.stringify({
    url: 'https://wiki.example.com/mcp',
    headers: { 'X-Plain': 'value', 'X-Api-Key': { secret: 'wiki-key' } },
    timeout: 30,
    health: '/health',
  }),
  PROVIDER: 'google',
  SECRET_WIKI_KEY: 'arn:aws:secretsmanager:eu-west-1:1:secret:wiki-key',
}

it('the secrets of headers are told by their ARNs', () => {
  const { backend, abilities } = parseEnvironment(VARIABLES)
  expect(backend).toEqual({
    url: new URL('https://wiki.example.com/mcp'),
    headers: { 'X-Plain': 'value' },
    secretHeaders: [{ header: 'X-Api-Key', secret: 'wiki-key', arn: VARIABLES.SECRET_WIKI_KEY }],
    timeout: 30_000,
    health: new URL('https://wiki.example.com/health'),
  })
  expect(abilities).toBeUndefined()
})

it.each([
  ['no ARN of a header’s secret', { SECRET_WIKI_KEY: undefined }, 'SECRET_WIKI_KEY'],
  ['an empty one', { SECRET_WIKI_KEY: '' }, 'SECRET_WIKI_KEY'],
  ['no backend', { BACKEND: undefined }, 'BACKEND'],
  ['a backend that is no JSON', { BACKEND: '{' }, 'BACKEND'],
  ['scopes that are no text', { ABILITIES: '{"*":1}' }, 'ABILITIES'],
])('a function that lacks something never serves: %s', (_case, change, named) => {
  expect(() => parseEnvironment({ ...VARIABLES, ...change })).toThrow(
    new RegExp(`^environment variables missing or malformed: ${named}`),
  )
})
