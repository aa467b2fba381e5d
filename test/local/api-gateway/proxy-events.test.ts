import { describe, expect, it } from 'vitest'

import { fail, ok, open, refusal } from './fixtures.ts'
import type { Handler } from './functions.ts'
import { run } from './gateway.ts'
import { httpApi, lambdaProxy, permission, restApi } from './stacks.ts'

describe('PLATFORM 8: proxy events and answers', () => {
  const echo: Handler = (event) => ({ statusCode: 200, body: JSON.stringify(event) })

  it('REST: multi-value headers and parameters, context, forwarding', async () => {
    const stacks = restApi(
      { 'ANY /items': lambdaProxy('tool'), 'GET /items/own': lambdaProxy('tool') },
      { resources: [permission('tool')], stage: { Variables: { v: '1' } } },
    )
    await using api = await run(stacks, 'rest', { tool: echo })
    const headers = {
      'X-A': ['1', '2'],
      Authorization: 'Bearer t',
      Cookie: 'a=1',
      'X-Forwarded-For': '10.0.0.1',
      'X-Forwarded-Proto': 'spoofed',
      Connection: 'close',
      'User-Agent': 'test',
    }
    const { json } = await api.fetch('/v1/items?q=1&q=2&r=%26', { method: 'POST', headers, body: 'text' })
    expect(json).toMatchObject({
      resource: '/items',
      path: '/items',
      httpMethod: 'POST',
      headers: {
        'X-A': '2',
        Authorization: 'Bearer t',
        Cookie: 'a=1',
        'X-Forwarded-For': '10.0.0.1, 127.0.0.1',
        'X-Forwarded-Proto': 'http',
        'X-Forwarded-Port': String(api.port),
      },
      multiValueHeaders: { 'X-A': ['1', '2'] },
      queryStringParameters: { q: '2', r: '&' },
      multiValueQueryStringParameters: { q: ['1', '2'], r: ['&'] },
      pathParameters: null,
      stageVariables: { v: '1' },
      body: 'text',
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        apiId: 'rest',
        stage: 'v1',
        resourcePath: '/items',
        path: '/v1/items',
        httpMethod: 'POST',
        protocol: 'HTTP/1.1',
        requestTime: '22/Nov/2026:04:54:16 +0000',
        requestTimeEpoch: Date.parse('2026-11-22T04:54:16Z'),
        domainName: '127.0.0.1',
        identity: { sourceIp: '127.0.0.1', userAgent: 'test' },
      },
    })
    expect(Object.keys(json.headers).map((name) => name.toLowerCase())).not.toContain('connection')
    expect((await api.fetch('/v1/items/own')).json).toMatchObject({
      resource: '/items/own',
      pathParameters: null,
      queryStringParameters: null,
      body: null,
    })
  })

  it('REST and HTTP: paths with parameters are not stood for', () => {
    expect(refusal(restApi({ 'GET /items/{id}': lambdaProxy('tool') }))).toContain('PathPart')
    expect(refusal(httpApi({ 'GET /items/{id}': 'tool' }))).toContain('RouteKey')
  })

  it('REST: BinaryMediaTypes decide what is base64, both ways', async () => {
    const png = Buffer.from([0x89, 0x50, 0xff, 0x00])
    const stacks = restApi(
      { 'ANY /mcp': lambdaProxy('tool') },
      { api: { BinaryMediaTypes: ['image/*'] }, resources: [permission('tool')] },
    )
    await using api = await run(stacks, 'rest', {
      tool: ({ body, isBase64Encoded }) => ({
        statusCode: 200,
        headers: { Was: String(isBase64Encoded) },
        body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString('base64'),
        isBase64Encoded: true,
      }),
    })
    const send = (accept: string) =>
      api.fetch('/v1/mcp', { method: 'POST', headers: { 'Content-Type': 'image/png', Accept: accept }, body: png })
    expect(await send('image/png')).toMatchObject({ bytes: png, headers: { was: 'true' } })
    expect((await send('text/html,image/png')).text).toBe(png.toString('base64'))
  })

  it('REST: headers and multiValueHeaders are merged; the default type is JSON', async () => {
    const tool = () => ({ statusCode: '201', headers: { A: 1, B: 'x' }, multiValueHeaders: { A: ['1', '2'] } })
    await using api = await run(open(), 'rest', { tool })
    const reply = await api.fetch('/v1/mcp')
    expect(reply).toMatchObject({ status: 201, text: '' })
    expect(reply.headers).toMatchObject({ a: '1, 2', b: 'x', 'content-type': 'application/json' })
    expect(reply.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/)
    expect(reply.headers['x-amz-apigw-id']).toBeTruthy()
  })

  const malformed: [string, unknown][] = [
    ['nothing', null],
    ['a string', 'ok'],
    ['no status', { body: 'x' }],
    ['a body that is no string', { statusCode: 200, body: { a: 1 } }],
    ['an unknown key', { statusCode: 200, cookies: ['a=1'] }],
    ['a header that is no scalar', { statusCode: 200, headers: { a: ['1'] } }],
    ['an impossible status', { statusCode: 99 }],
  ]
  it.each(malformed)('REST: %s is a malformed answer, 502', async (_name, answer) => {
    await using api = await run(open(), 'rest', { tool: () => answer })
    const reply = await api.fetch('/v1/mcp')
    expect(reply).toMatchObject({ status: 502, json: { message: 'Internal server error' } })
    expect(reply.headers['x-amzn-errortype']).toBe('InternalServerErrorException')
  })

  it('REST: a function that throws is 502 and says nothing; one without permission 500', async () => {
    await using api = await run(open(), 'rest', { tool: () => fail('secret detail') })
    const reply = await api.fetch('/v1/mcp')
    expect(reply.status).toBe(502)
    expect(reply.text).not.toContain('secret')
    expect(JSON.stringify(api.logged)).toContain('secret detail')
    const elsewhere = permission('tool', 'arn:aws:execute-api:us-east-1:000000000000:rest/v1/GET/other')
    await using unpermitted = await run(
      restApi({ 'GET /mcp': lambdaProxy('tool') }, { resources: [elsewhere] }),
      'rest',
      { tool: ok },
    )
    expect((await unpermitted.fetch('/v1/mcp')).status).toBe(500)
  })

  it('a header with a line break in it never splits the answer', async () => {
    await using api = await run(open(), 'rest', { tool: () => ({ statusCode: 200, headers: { A: 'x\r\nB: y' } }) })
    const reply = await api.fetch('/v1/mcp')
    expect(reply.status).toBe(200)
    expect(reply.headers).not.toHaveProperty('b')
  })

  it('HTTP: format 2.0, cookies in, duplicates joined by commas', async () => {
    await using api = await run(httpApi({ $default: 'tool', 'GET /items': 'tool' }), 'http', { tool: echo })
    const { json } = await api.fetch('/authorize?scope=a&scope=b&x=%20', {
      headers: { 'X-A': ['1', '2'], Cookie: 'a=1; b=2', 'User-Agent': 'test' },
    })
    expect(json).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/authorize',
      rawQueryString: 'scope=a&scope=b&x=%20',
      cookies: ['a=1', 'b=2'],
      headers: {
        'x-a': '1,2',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        host: `127.0.0.1:${api.port}`,
      },
      queryStringParameters: { scope: 'a,b', x: ' ' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'http',
        stage: '$default',
        routeKey: '$default',
        domainName: '127.0.0.1',
        http: { method: 'GET', path: '/authorize', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
        time: '22/Nov/2026:04:54:16 +0000',
        timeEpoch: Date.parse('2026-11-22T04:54:16Z'),
      },
      isBase64Encoded: false,
    })
    expect(json.headers).not.toHaveProperty('cookie')
    expect(json).not.toHaveProperty('body')
    expect(json).not.toHaveProperty('pathParameters')
    const bare = (await api.fetch('/items')).json
    expect(bare).toMatchObject({ routeKey: 'GET /items', rawPath: '/items' })
    expect(bare).not.toHaveProperty('queryStringParameters')
    expect(bare).not.toHaveProperty('cookies')
  })

  it('HTTP: cookies are split at semicolons; of what is around them only spaces go', async () => {
    await using api = await run(httpApi({ $default: 'tool' }), 'http', { tool: echo })
    const { json } = await api.fetch('/', { headers: { Cookie: 'a=1;b=2;  \u00a0c=3 ;\td=4' } })
    expect(json.cookies).toEqual(['a=1', 'b=2', '\u00a0c=3', '\td=4'])
  })

  it.each([
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
    ['application/json; charset=utf-8', false],
    ['text/plain', false],
  ])('HTTP: a body of %s arrives base64: %s', async (type, base64) => {
    await using api = await run(httpApi({ $default: 'tool' }), 'http', { tool: echo })
    const { json } = await api.fetch('/token', { method: 'POST', headers: { 'Content-Type': type }, body: 'a=1' })
    expect(json).toMatchObject({
      isBase64Encoded: base64,
      body: base64 ? Buffer.from('a=1').toString('base64') : 'a=1',
    })
  })

  it('HTTP: cookies out, base64 out, inferred answers, errors', async () => {
    let answer: unknown = {
      statusCode: 200,
      cookies: ['a=1', 'b=2'],
      headers: { 'Set-Cookie': 'c=3' },
      body: 'aGk=',
      isBase64Encoded: true,
    }
    await using api = await run(httpApi({ $default: 'tool' }), 'http', { tool: () => answer ?? fail('no') })
    const reply = await api.fetch('/')
    expect(reply).toMatchObject({ status: 200, text: 'hi', headers: { 'set-cookie': ['c=3', 'a=1', 'b=2'] } })
    expect(reply.headers['apigw-requestid']).toBeTruthy()
    answer = { hello: 1 }
    expect(await api.fetch('/')).toMatchObject({
      status: 200,
      json: { hello: 1 },
      headers: { 'content-type': 'application/json' },
    })
    answer = 'plain'
    expect((await api.fetch('/')).text).toBe('plain')
    answer = { statusCode: 'x' }
    expect((await api.fetch('/')).status).toBe(500)
    answer = undefined
    expect(await api.fetch('/')).toMatchObject({ status: 500, json: { message: 'Internal Server Error' } })
  })

  it('HTTP: route settings throttle one route, and must name one', async () => {
    const limits = { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 }
    const stage = { RouteSettings: { 'POST /register': limits } }
    await using api = await run(httpApi({ $default: 'tool', 'POST /register': 'tool' }, { stage }), 'http', {
      tool: ok,
    })
    const register = () => api.fetch('/register', { method: 'POST' })
    expect((await register()).status).toBe(200)
    expect(await register()).toMatchObject({ status: 429, json: { message: 'Too Many Requests' } })
    expect((await api.fetch('/register')).status).toBe(200)
    expect(refusal(httpApi({ $default: 'tool' }, { stage }))).toContain('POST /register')
  })
})
