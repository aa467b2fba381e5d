import { describe, expect, it } from 'vitest'

import { resolveTemplates } from '../../../local/template.ts'
import { ok, open, refusal } from './fixtures.ts'
import { run } from './gateway.ts'
import { authorizer, httpApi, lambdaProxy, mock, permission, policy, restApi } from './stacks.ts'

describe('PLATFORM 9: MOCK integrations', () => {
  const responses = (extra: object) => ({
    IntegrationResponses: [{ StatusCode: '200', ResponseTemplates: { 'application/json': '{"a":1}' }, ...extra }],
  })

  it('answer without a Lambda: status, headers, static body; preflight', async () => {
    const headers = { 'method.response.header.Allow': "'POST'", 'method.response.header.Id': 'context.requestId' }
    const stacks = restApi({
      'GET /meta': mock(200, '{"a":1}', responses({ ResponseParameters: headers })),
      'OPTIONS /meta': mock(204, '', { RequestTemplates: { 'application/json': '{ statusCode: 204 }' } }),
    })
    await using api = await run(stacks, 'rest')
    const reply = await api.fetch('/v1/meta')
    expect(reply).toMatchObject({
      status: 200,
      json: { a: 1 },
      headers: { allow: 'POST', 'content-type': 'application/json' },
    })
    expect(reply.headers.id).toBe(reply.headers['x-amzn-requestid'])
    const preflight = await api.fetch('/v1/meta', { method: 'OPTIONS' })
    expect(preflight).toMatchObject({ status: 204, text: '' })
    expect(preflight.headers['content-length']).toBeUndefined()
  })

  it('give one answer: a second response is refused', () => {
    const two = { IntegrationResponses: [{ StatusCode: '200' }, { StatusCode: '405' }] }
    expect(refusal(restApi({ 'GET /m': mock(405, '', two) }))).toContain('IntegrationResponses')
  })

  it('refuse a body of another type: what would pass it through is refused at the start', async () => {
    await using api = await run(restApi({ 'POST /never': mock(200, '') }), 'rest')
    const options = { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: 'x' }
    expect((await api.fetch('/v1/never', options)).status).toBe(415)
    const through = restApi({ 'POST /match': mock(200, '', { PassthroughBehavior: 'WHEN_NO_MATCH' }) })
    expect(refusal(through)).toContain('PassthroughBehavior')
  })

  it.each(['{"a":"$b"}', '{"a":"#b"}'])('refuse live VTL at the start: %s', (body) => {
    expect(refusal(restApi({ 'GET /m': mock(200, body) }))).toContain('VTL')
  })

  it('refuse what the method does not declare, and other types', () => {
    const { IntegrationResponses } = responses({ ResponseParameters: { 'method.response.header.A': "'1'" } })
    const undeclared = restApi(
      { 'GET /m': mock(200, '', { IntegrationResponses }) },
      { method: { MethodResponses: [{ StatusCode: '200' }] } },
    )
    expect(refusal(undeclared)).toContain('method.response.header.A')
    expect(refusal(restApi({ 'GET /m': { Type: 'HTTP_PROXY', Uri: 'https://example.com' } }))).toContain('Integration')
  })
})

describe('PLATFORM 10: cookies', () => {
  it('__Host- cookies pass unchanged, several at once, from both kinds of API', async () => {
    const cookies = ['__Host-a=1; Path=/; Secure; HttpOnly', '__Host-b=2; Path=/; Secure']
    await using rest = await run(open(), 'rest', {
      tool: () => ({ statusCode: 200, multiValueHeaders: { 'Set-Cookie': cookies } }),
    })
    expect((await rest.fetch('/v1/mcp')).headers['set-cookie']).toEqual(cookies)
    await using http = await run(httpApi({ $default: 'tool' }), 'http', { tool: () => ({ statusCode: 200, cookies }) })
    expect((await http.fetch('/')).headers['set-cookie']).toEqual(cookies)
  })
})

describe('PLATFORM 11: usage plans', () => {
  it('are not stood for: named at the start', () => {
    expect(refusal(restApi({}, { api: { ApiKeySourceType: 'AUTHORIZER' } }))).toContain('ApiKeySourceType')
    const template = { Resources: { Plan: { Type: 'AWS::ApiGateway::UsagePlan' } } }
    expect(() => resolveTemplates([{ name: 'test', template, assets: new Map() }], { attributes: {} })).toThrow(
      'AWS::ApiGateway::UsagePlan',
    )
    expect(refusal(restApi({ 'GET /m': mock(200, '') }, { method: { ApiKeyRequired: true } }))).toContain(
      'ApiKeyRequired',
    )
  })
})

describe('PLATFORM 12a: HTTP APIs', () => {
  it('need a permission to invoke', async () => {
    const stacks = httpApi({ 'POST /token': 'tool' })
    const resources = stacks.resources.filter(({ type }) => type !== 'AWS::Lambda::Permission')
    await using api = await run({ ...stacks, resources }, 'http', { tool: () => ({ statusCode: 200 }) })
    expect((await api.fetch('/token', { method: 'POST' })).status).toBe(500)
  })

  it('rename WWW-Authenticate, and have one fixed error', async () => {
    const tool = () => ({ statusCode: 401, headers: { 'WWW-Authenticate': 'Basic' }, body: '{}' })
    await using api = await run(httpApi({ 'POST /token': 'tool' }), 'http', { tool })
    const reply = await api.fetch('/token', { method: 'POST' })
    expect(reply.headers['x-amzn-remapped-www-authenticate']).toBe('Basic')
    expect(reply.headers['www-authenticate']).toBeUndefined()
    expect(await api.fetch('/token')).toMatchObject({ status: 404, json: { message: 'Not Found' } })
  })

  it.each([
    ['an authorizer', { AuthorizationType: 'JWT' }, 'AuthorizationType'],
    ['CORS', { CorsConfiguration: {} }, 'CorsConfiguration'],
  ])('with %s are not stood for', (_name, properties, named) => {
    const stacks = httpApi({ $default: 'tool' }, 'CorsConfiguration' in properties ? { api: properties } : {})
    const changed = stacks.resources.map((entry) =>
      entry.type.endsWith('Route') && !('CorsConfiguration' in properties)
        ? { ...entry, properties: { ...entry.properties, ...properties } }
        : entry,
    )
    expect(refusal({ ...stacks, resources: changed })).toContain(named)
  })
})

describe('access logs', () => {
  it('have the configured format, and values cannot break out of it', async () => {
    const Format =
      '{"id":"$context.requestId","status":$context.status,"path":"$context.path","who":"$context.authorizer.sub","type":"$context.error.responseType"}'
    const gate = authorizer()
    const resources = [...gate.resources, permission('tool')]
    const stacks = restApi(
      { 'GET /mcp': lambdaProxy('tool') },
      { ...gate, resources, stage: { AccessLogSetting: { Format } } },
    )
    await using api = await run(stacks, 'rest', {
      gate: (event) => policy('Allow', event.methodArn, { sub: 'a","b":"c' }),
      tool: ok,
    })
    const reply = await api.fetch('/v1/mcp')
    await expect
      .poll(() => api.logged)
      .toEqual([{ id: reply.headers['x-amzn-requestid'], status: '200', path: '/v1/mcp', who: 'a","b":"c', type: '-' }])
    await api.fetch('/v1/none')
    await expect
      .poll(() => api.logged[1])
      .toMatchObject({ status: '403', type: 'MISSING_AUTHENTICATION_TOKEN', who: '-' })
  })
})
