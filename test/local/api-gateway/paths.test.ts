import { describe, expect, it } from 'vitest'

import { DOMAIN, ok, refusal } from './fixtures.ts'
import type { Handler } from './functions.ts'
import { run } from './gateway.ts'
import { apiMapping, authorizer, httpApi, lambdaProxy, permission, policy, resource, restApi } from './stacks.ts'

describe('PLATFORM 6: stage, base path and custom domain', () => {
  const paths: Handler = ({ path, resource, requestContext, rawPath }) => ({
    statusCode: 200,
    body: JSON.stringify({
      path,
      resource,
      rawPath,
      whole: requestContext.path,
      stage: requestContext.stage,
      domain: requestContext.domainName,
    }),
  })
  const mapped = (...mappings: ReturnType<typeof apiMapping>[]) =>
    restApi({ 'GET /mcp': lambdaProxy('tool') }, { resources: [permission('tool'), ...mappings] })

  it('a REST API has its stage in front, and not at its root', async () => {
    await using api = await run(mapped(), 'rest', { tool: paths })
    expect((await api.fetch('/v1/mcp')).json).toMatchObject({
      path: '/mcp',
      resource: '/mcp',
      whole: '/v1/mcp',
      stage: 'v1',
    })
    expect((await api.fetch('/v1/mcp/')).status).toBe(200)
    for (const path of ['/mcp', '/', '/.well-known/oauth-protected-resource', '/v2/mcp'])
      expect(await api.fetch(path)).toMatchObject({ status: 403, json: { message: 'Forbidden' } })
  })

  it('an HTTP API with $default has none', async () => {
    await using api = await run(httpApi({ $default: 'tool' }), 'http', { tool: paths })
    expect((await api.fetch('/.well-known/x')).json).toMatchObject({ rawPath: '/.well-known/x', stage: '$default' })
  })

  it('a custom domain routes without the mapping key, but leaves it in `path`', async () => {
    await using api = await run(
      mapped(apiMapping('rest', 'v1', 'productivity')),
      'rest',
      { tool: paths },
      { domainName: DOMAIN, mappingKey: 'productivity' },
    )
    expect((await api.fetch('/productivity/mcp')).json).toEqual({
      path: '/productivity/mcp',
      resource: '/mcp',
      whole: '/productivity/mcp',
      stage: 'v1',
      domain: DOMAIN,
    })
    expect((await api.fetch('/other/mcp')).status).toBe(403)
    expect((await api.fetch('/productivityx/mcp')).json).toEqual({ message: 'Forbidden' })
  })

  it('a greedy part stands for the rest of the path, after every exact one', async () => {
    const parameters: Handler = ({ path, resource, pathParameters, httpMethod }) => ({
      statusCode: 200,
      body: JSON.stringify({ path, resource, pathParameters, httpMethod }),
    })
    const methods = ['GET /mcp', 'GET /mcp/exact', 'ANY /mcp/{proxy+}'].map((key) => [key, lambdaProxy('tool')])
    const gate = authorizer()
    let asked = ''
    await using api = await run(
      restApi(Object.fromEntries(methods), { ...gate, resources: [...gate.resources, permission('tool')] }),
      'rest',
      {
        gate: ({ methodArn }) => {
          asked = methodArn
          return policy('Allow', methodArn)
        },
        tool: parameters,
      },
    )
    expect((await api.fetch('/v1/mcp')).json).toMatchObject({ resource: '/mcp', pathParameters: null })
    expect((await api.fetch('/v1/mcp/')).json).toMatchObject({ resource: '/mcp', pathParameters: null })
    expect((await api.fetch('/v1/mcp/exact')).json).toMatchObject({ resource: '/mcp/exact', pathParameters: null })
    expect((await api.fetch('/v1/mcp/a/b%2Fc%20d', { method: 'DELETE' })).json).toEqual({
      path: '/mcp/a/b%2Fc%20d',
      resource: '/mcp/{proxy+}',
      pathParameters: { proxy: 'a/b%2Fc d' },
      httpMethod: 'DELETE',
    })
    expect(asked).toMatch(/:rest\/v1\/DELETE\/mcp\/a\/b%2Fc%20d$/)
    expect((await api.fetch('/v1/mcpx/a')).status).toBe(403)
    expect((await api.fetch('/v1/mcp/exact', { method: 'POST' })).status).toBe(403)
    expect(refusal(restApi({ 'GET /a/{b}': lambdaProxy('tool') }))).toContain('PathPart')
  })

  it('the authorizer is asked about the path without the mapping key', async () => {
    const gate = authorizer()
    const resources = [...gate.resources, permission('tool'), apiMapping('rest', 'v1', 'productivity')]
    let asked = ''
    await using api = await run(
      restApi({ 'GET /mcp': lambdaProxy('tool') }, { ...gate, resources }),
      'rest',
      {
        gate: (event) => {
          asked = event.methodArn
          return policy('Allow', event.methodArn)
        },
        tool: ok,
      },
      { domainName: DOMAIN, mappingKey: 'productivity' },
    )
    await api.fetch('/productivity/mcp')
    expect(asked).toMatch(/:rest\/v1\/GET\/mcp$/)
  })

  it('an HTTP API at the root of the domain', async () => {
    const stacks = httpApi({ $default: 'tool' }, { resources: [apiMapping('http', '$default', '')] })
    await using api = await run(stacks, 'http', { tool: paths }, { domainName: DOMAIN, mappingKey: '' })
    expect((await api.fetch('/token')).json).toMatchObject({ rawPath: '/token', domain: DOMAIN })
  })

  it('an API has one stage, and a mapping leads to it', () => {
    expect(refusal(mapped(apiMapping('rest', 'v2', 'productivity')))).toContain('no stage v2 of API rest')
    const second = resource('AWS::ApiGateway::Stage', 'Second', { RestApiId: 'rest', StageName: 'v2' })
    const { resources, ...rest } = mapped()
    expect(refusal({ ...rest, resources: [...resources, second] })).toContain('stages of AWS::ApiGateway::RestApi Rest')
  })

  it('a disabled execute-api endpoint: 403 from REST, 404 from HTTP', async () => {
    const disabled = { api: { DisableExecuteApiEndpoint: true } }
    await using rest = await run(restApi({ 'GET /mcp': lambdaProxy('tool') }, disabled), 'rest', { tool: ok })
    expect((await rest.fetch('/v1/mcp')).status).toBe(403)
    await using http = await run(httpApi({ $default: 'tool' }, disabled), 'http', { tool: ok })
    expect((await http.fetch('/')).status).toBe(404)
  })
})
