import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../model/endpoints.ts'
import {
  authorizationStackName,
  connectionSecretName,
  physicalName,
  RESERVED_SERVER_NAMES,
  SERVER_NAME,
  STAGE_NAME,
  secretVariable,
  serverSecretName,
  serverStackName,
} from '../../model/names.ts'

describe('a server’s name', () => {
  it.each(['ab', 'productivity', 'a1', 'dev-ops', 'a'.repeat(32)])('may be %j', (name) => {
    expect(name).toMatch(SERVER_NAME)
  })

  it.each([
    '',
    'a',
    '1a',
    '-a',
    'a-',
    'A1',
    'a_b',
    'a.b',
    'a/b',
    'a#b',
    'a b',
    'ab\n',
    'a'.repeat(33),
    'é1',
  ])('may not be %j', (name) => expect(name).not.toMatch(SERVER_NAME))

  it('is none of the authorization server’s own paths', () => {
    const taken = Object.values(ENDPOINTS).map((path) => path.split('/')[1] ?? '')
    const reserved: readonly string[] = RESERVED_SERVER_NAMES
    for (const segment of taken) expect(reserved.includes(segment) || !SERVER_NAME.test(segment)).toBe(true)
  })

  it('is a whole path segment: encoding changes nothing of it', () => {
    fc.assert(
      fc.property(fc.stringMatching(SERVER_NAME), (name) => {
        expect(encodeURIComponent(name)).toBe(name)
      }),
    )
  })
})

it('every physical name begins with the stage, and two stages share none', () => {
  const namesOf = (stage: string) => [
    authorizationStackName(stage),
    serverStackName(stage, 'devops'),
    physicalName(stage, 'registrar'),
    connectionSecretName(stage, 'google'),
    serverSecretName(stage, 'devops', 'api-key'),
  ]
  expect(namesOf('prod')).toEqual([
    'prod-mcp-authorization',
    'prod-mcp-server-devops',
    'prod-mcp-registrar',
    'prod-mcp/connection/google',
    'prod-mcp/devops/api-key',
  ])
  fc.assert(
    fc.property(fc.stringMatching(STAGE_NAME), fc.stringMatching(STAGE_NAME), (one, other) => {
      fc.pre(one !== other)
      const names = new Set(namesOf(one))
      expect(namesOf(other).filter((name) => names.has(name))).toEqual([])
    }),
  )
})

it('a server’s stack is never the authorization stack', () => {
  fc.assert(
    fc.property(fc.stringMatching(STAGE_NAME), fc.stringMatching(SERVER_NAME), (stage, server) => {
      expect(serverStackName(stage, server)).not.toBe(authorizationStackName(stage))
    }),
  )
})

it('a secret’s variable is its name in upper snake case', () => {
  expect(secretVariable('google-service-account')).toBe('SECRET_GOOGLE_SERVICE_ACCOUNT')
  expect(secretVariable('api.key2')).toBe('SECRET_API_KEY2')
})
