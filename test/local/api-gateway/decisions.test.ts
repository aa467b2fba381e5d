import { createServer } from 'node:http'
import { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import { send } from '../../../local/api-gateway/answer.ts'
import { readAuthorizerResult } from '../../../local/api-gateway/authorizer.ts'
import { decodedPath } from '../../../local/api-gateway/paths.ts'
import { evaluate, matchesPattern } from '../../../local/iam.ts'

describe('policies', () => {
  const statement = (
    Effect: 'Allow' | 'Deny',
    Resource: string | string[],
    Action: string | string[] = 'execute-api:Invoke',
  ) => ({
    Effect,
    Action,
    Resource,
  })
  const arn = 'arn:aws:execute-api:us-east-1:000000000000:api/v1/POST/mcp'

  it.each([
    ['nothing', [], 'not allowed'],
    ['its ARN', [statement('Allow', arn)], 'allowed'],
    ['a list', [statement('Allow', ['x', arn], ['x:y', 'execute-api:*'])], 'allowed'],
    ['a wildcard', [statement('Allow', 'arn:aws:execute-api:*:*:api/*/POST/*')], 'allowed'],
    ['another action', [statement('Allow', arn, 'lambda:InvokeFunction')], 'not allowed'],
    ['another stage', [statement('Allow', arn.replace('/v1/', '/v2/'))], 'not allowed'],
    ['a Deny of something else', [statement('Allow', arn), statement('Deny', `${arn}/x`)], 'allowed'],
    ['an Allow and a Deny', [statement('Allow', '*'), statement('Deny', arn)], 'denied'],
  ] as const)('%s', (_name, policy, outcome) => {
    const payload = { principalId: 'p', policyDocument: { Statement: policy } }
    const result = readAuthorizerResult({ kind: 'returned', payload })
    expect('policy' in result && evaluate(result.policy, 'execute-api:Invoke', arn)).toBe(outcome)
  })

  it('patterns know * and ? and take everything else literally', () => {
    expect(matchesPattern('abbcde', 'a*c?e')).toBe(true)
    expect(matchesPattern('abc', 'a.c')).toBe(false)
    expect(matchesPattern('a+(b)[c]', 'a+(b)[c]')).toBe(true)
    expect(matchesPattern('ab', 'a')).toBe(false)
  })
})

describe('what an authorizer answered', () => {
  it('is a failure after 10 s, or when its process died', () => {
    expect(readAuthorizerResult('late')).toMatchObject({ response: 'AUTHORIZER_FAILURE' })
    const crashed = {
      kind: 'failed',
      reason: 'crashed',
      errorType: 'Runtime.ExitError',
      errorMessage: 'exit 1',
    } as const
    expect(readAuthorizerResult(crashed)).toMatchObject({ response: 'AUTHORIZER_FAILURE' })
  })

  it('is misconfigured when its policy has what is not evaluated here', () => {
    const payload = {
      principalId: 'p',
      policyDocument: { Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: { Bool: {} } } },
    }
    expect(readAuthorizerResult({ kind: 'returned', payload })).toMatchObject({
      response: 'AUTHORIZER_CONFIGURATION_ERROR',
    })
  })
})

describe('paths', () => {
  it.each([
    ['/a', '/a'],
    ['/%61', '/a'],
    ['/a%2Fb', '/a%2Fb'],
    ['/a%2fb', '/a%2Fb'],
    ['/%zz', '/%zz'],
  ])('%s is matched as %s', (path, decoded) => {
    expect(decodedPath(path)).toBe(decoded)
  })
})

describe('PLATFORM 5: back-pressure', () => {
  it('a client that does not read stops the reading of the stream', async () => {
    let made = 0
    const body = (async function* () {
      for (; made < 100; made += 1) yield Buffer.alloc(64 * 1024)
    })()
    const sent = Promise.withResolvers<number>()
    const server = createServer((_request, response) => {
      send(response, { status: 200, headers: [], body }).then(sent.resolve, sent.reject)
    })
    const held: (() => void)[] = []
    const client = new Duplex({ read() {}, write: (_chunk, _encoding, done) => void held.push(done) })
    server.emit('connection', client)
    client.push('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    for (let turns = 0; turns < 50; turns += 1) await turn()
    expect(made).toBeLessThan(5)
    while (made < 100 || held.length > 0) {
      for (const done of held.splice(0)) done()
      await turn()
    }
    expect(await sent.promise).toBe(100 * 64 * 1024)
    client.destroy()
  })
})
