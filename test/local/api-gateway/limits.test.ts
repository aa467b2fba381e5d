import { describe, expect, it } from 'vitest'

import { DOMAIN, fail, ok, open, refusal } from './fixtures.ts'
import { run } from './gateway.ts'
import { apiMapping, authorizer, gatewayResponse, httpApi, lambdaProxy, mock, permission, restApi } from './stacks.ts'

describe('PLATFORM 7: missing routes and limits', () => {
  it('a missing route, or method, is 403 MISSING_AUTHENTICATION_TOKEN, and can be mapped', async () => {
    await using plain = await run(open(), 'rest', { tool: ok })
    for (const path of ['/v1/none', '/v1', '/v1/mcp/x'])
      expect(await plain.fetch(path)).toMatchObject({ status: 403, json: { message: 'Missing Authentication Token' } })
    const missing = gatewayResponse('MISSING_AUTHENTICATION_TOKEN', {
      StatusCode: '404',
      ResponseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" },
    })
    const stacks = restApi({ 'POST /mcp': lambdaProxy('tool') }, { resources: [permission('tool'), missing] })
    await using mapped = await run(stacks, 'rest', { tool: ok })
    expect(await mapped.fetch('/v1/mcp')).toMatchObject({
      status: 404,
      headers: { 'access-control-allow-origin': '*' },
    })
  })

  it('/ping and /sping belong to the health check on a custom domain', async () => {
    const stacks = httpApi({ $default: 'tool' }, { resources: [apiMapping('http', '$default', '')] })
    await using api = await run(stacks, 'http', { tool: ok }, { domainName: DOMAIN, mappingKey: '' })
    expect((await api.fetch('/ping')).text).toBe('healthy')
    expect((await api.fetch('/sping')).text).toBe('healthy')
    expect((await api.fetch('/pingx')).text).toBe('ok')
  })

  it('10 MB of payload, 6 MB of event: 413', async () => {
    const large = gatewayResponse('REQUEST_TOO_LARGE', { ResponseParameters: { 'gatewayresponse.header.Cors': "'*'" } })
    const stacks = restApi({ 'POST /mcp': lambdaProxy('tool') }, { resources: [permission('tool'), large] })
    await using rest = await run(stacks, 'rest', { tool: ok })
    await using http = await run(httpApi({ $default: 'tool' }), 'http', { tool: ok })
    for (const size of [10 * 1024 * 1024 + 1, 7 * 1024 * 1024]) {
      const options = { method: 'POST', body: Buffer.alloc(size, 'x'), headers: { 'content-type': 'text/plain' } }
      expect(await rest.fetch('/v1/mcp', options)).toMatchObject({ status: 413, headers: { cors: '*' } })
      expect(await http.fetch('/', options)).toMatchObject({
        status: 413,
        json: { message: 'Request Entity Too Large' },
      })
    }
    await using api = await run(restApi({ 'POST /mcp': mock(200, '') }), 'rest')
    const post = (length: number) => api.fetch('/v1/mcp', { method: 'POST', body: Buffer.alloc(length) })
    expect((await post(10 * 1024 * 1024)).status).toBe(200)
    expect((await post(10 * 1024 * 1024 + 1)).status).toBe(413)
  })

  it('10,240 bytes of headers: 431', async () => {
    const headers = { 'x-long': 'x'.repeat(10_240) }
    await using rest = await run(open(), 'rest', { tool: () => fail('called') })
    expect((await rest.fetch('/v1/mcp', { headers })).status).toBe(431)
    await using http = await run(httpApi({ $default: 'tool' }), 'http', { tool: () => fail('called') })
    expect((await http.fetch('/', { headers })).status).toBe(431)
    expect((await rest.fetch('/v1/mcp', { headers: { 'x-long': 'x'.repeat(9_000) } })).status).toBe(502)
  })

  it('an integration that is too slow: 504 from REST, 503 from HTTP', async () => {
    const tool = () => new Promise(() => {})
    await using rest = await run(open({ TimeoutInMillis: 50 }), 'rest', { tool })
    expect(await rest.fetch('/v1/mcp')).toMatchObject({ status: 504, json: { message: 'Endpoint request timed out' } })
    await using http = await run(httpApi({ $default: 'tool' }, { integration: { TimeoutInMillis: 50 } }), 'http', {
      tool,
    })
    expect(await http.fetch('/')).toMatchObject({ status: 503, json: { message: 'Service Unavailable' } })
  })

  it('a buffered integration cannot ask for more than 29 s, an HTTP API for more than 30', () => {
    expect(refusal(open({ TimeoutInMillis: 29_001 }))).toContain('TimeoutInMillis')
    expect(refusal(httpApi({ $default: 'tool' }, { integration: { TimeoutInMillis: 30_001 } }))).toContain(
      'TimeoutInMillis',
    )
  })

  it('throttles by token bucket: burst, then 429, then the rate refills', async () => {
    const all = { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 1000 }
    const one = { ResourcePath: '/~1mcp', HttpMethod: 'POST', ThrottlingRateLimit: 2, ThrottlingBurstLimit: 3 }
    const methods = { 'POST /mcp': lambdaProxy('tool'), 'GET /mcp': lambdaProxy('tool') }
    const stacks = restApi(methods, { stage: { MethodSettings: [all, one] }, resources: [permission('tool')] })
    await using api = await run(stacks, 'rest', { tool: ok })
    const post = async () => (await api.fetch('/v1/mcp', { method: 'POST' })).status
    expect([await post(), await post(), await post(), await post()]).toEqual([200, 200, 200, 429])
    expect((await api.fetch('/v1/mcp')).status).toBe(200)
    api.advance(500)
    expect([await post(), await post()]).toEqual([200, 429])
  })

  it('is asked before the authorizer: a flood does not reach it', async () => {
    const gate = authorizer()
    const none = { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 }
    const stacks = restApi({ 'GET /mcp': lambdaProxy('tool') }, { ...gate, stage: { MethodSettings: [none] } })
    await using api = await run(stacks, 'rest', { gate: () => fail('called') })
    expect(await api.fetch('/v1/mcp')).toMatchObject({ status: 429, json: { message: 'Too Many Requests' } })
  })
})
