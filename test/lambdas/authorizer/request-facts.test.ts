import { describe, expect, it } from 'vitest'
import { readRequestFacts } from '../../../lambdas/authorizer/request-facts.ts'

const bearerOf = (...values: string[]) => readRequestFacts({ Authorization: values }).bearer

describe('RS-02: the token comes from one Authorization header', () => {
  it.each(['Bearer a.b-c_d~e+f/g==', 'bearer x', 'BEARER x', 'bEaReR   x'])('as %j', (value) => {
    expect(bearerOf(value)).toEqual({ token: value.split(/ +/)[1] })
  })

  it.each([
    '',
    'x',
    'Bearer',
    'Bearer ',
    'Bearerx',
    'Basic x',
    'Bearer x y',
    'Bearer x, Bearer y',
    'Bearer x,y',
    'Bearer\tx',
    ' Bearer x',
    'Bearer "x"',
    'Bearer x\u0000',
    'Bearer x\n',
    'DPoP x',
    'Bearer =x',
  ])('not as %j', (value) => expect(bearerOf(value)).toHaveProperty('refused'))

  it('not where there are two, in one spelling or in two, the same or not', () => {
    expect(bearerOf('Bearer x', 'Bearer x')).toHaveProperty('refused', 'more than one Authorization header')
    expect(readRequestFacts({ Authorization: ['Bearer x'], authorization: ['Bearer y'] }).bearer).toHaveProperty(
      'refused',
    )
    expect(readRequestFacts({ Authorization: ['Bearer x'], AUTHORIZATION: [''] }).bearer).toHaveProperty('refused')
  })

  it('not where there is none: no headers, other headers, an empty list', () => {
    for (const headers of [null, undefined, {}, { authorization: [] }, { authorization: undefined }])
      expect(readRequestFacts(headers).bearer).toEqual({ refused: 'no Authorization header' })
    for (const name of ['Proxy-Authorization', 'X-Authorization', 'Authorization ', 'Cookie', 'access_token'])
      expect(readRequestFacts({ [name]: ['Bearer x'] }).bearer).toEqual({ refused: 'no Authorization header' })
  })
})

it('every value of the MCP headers counts, however their names are spelled', () => {
  expect(
    readRequestFacts({ 'MCP-PROTOCOL-VERSION': ['a'], 'Mcp-Method': ['b', 'c'], 'mcp-name': ['d'], 'Mcp-Name': ['e'] }),
  ).toMatchObject({ protocolVersions: ['a'], mcpMethods: ['b', 'c'], mcpNames: ['d', 'e'] })
})

it('a header that bears the name of something else is no header of ours', () => {
  const headers = { constructor: ['x'], __proto__: ['x'], valueof: ['x'], Authorization: ['Bearer x'] }
  expect(readRequestFacts(headers).bearer).toEqual({ token: 'x' })
  expect(readRequestFacts({ Authorization: ['Basic x'] }).bearer).toEqual({
    refused: 'Authorization is not one Bearer token',
  })
})
