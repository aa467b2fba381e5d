import { describe, expect, it } from 'vitest'
import { NO_DOMAIN, ONE_ORIGIN, serverTemplate } from './sample-factory.ts'
import { joined, resourcesOfType, type TemplateJson } from './template-json.ts'

const template = serverTemplate('devops', { context: ONE_ORIGIN })

function responses(of: TemplateJson = template) {
  return resourcesOfType(of, 'AWS::ApiGateway::GatewayResponse').map(([id, { Properties }]) => ({ id, ...Properties }))
}

function header(type: string, name: string, of: TemplateJson = template): string {
  const { ResponseParameters } = responses(of).find(({ ResponseType }) => ResponseType === type) ?? {}
  return joined(ResponseParameters[`gatewayresponse.header.${name}`])
}

describe('gateway responses', () => {
  it.each([
    ['UNAUTHORIZED', '401'],
    ['ACCESS_DENIED', '403'],
    ['AUTHORIZER_FAILURE', '503'],
    ['AUTHORIZER_CONFIGURATION_ERROR', '503'],
    ['MISSING_AUTHENTICATION_TOKEN', '404'],
    ['RESOURCE_NOT_FOUND', '404'],
    ['THROTTLED', '429'],
    ['QUOTA_EXCEEDED', '429'],
    ['REQUEST_TOO_LARGE', '413'],
    ['INTEGRATION_TIMEOUT', '504'],
    ['INTEGRATION_FAILURE', '502'],
    ['DEFAULT_4XX', undefined],
    ['DEFAULT_5XX', undefined],
  ])('%s answers %s', (type, status) => {
    expect(responses().find(({ ResponseType }) => ResponseType === type)?.StatusCode).toBe(status)
  })

  it('RS-02: 401 carries a literal challenge in single quotes', () => {
    expect(header('UNAUTHORIZED', 'WWW-Authenticate')).toBe(
      `'Bearer resource_metadata="http://localhost:4100/devops/.well-known/oauth-protected-resource", scope="health:read"'`,
    )
    expect(header('UNAUTHORIZED', 'WWW-Authenticate', serverTemplate('devops', { context: NO_DOMAIN }))).toBe(
      `'Bearer resource_metadata="http://localhost:4103/v1/.well-known/oauth-protected-resource", scope="health:read"'`,
    )
    expect(header('UNAUTHORIZED', 'WWW-Authenticate', serverTemplate('devops'))).toMatch(
      /^'Bearer resource_metadata="https:\/\/<Api\w+>\.execute-api\.<AWS::Region>\.<AWS::URLSuffix>\/v1\/\.well-known\//,
    )
  })

  it('RS-02: 403 carries the challenge that the authorizer returned', () => {
    expect(header('ACCESS_DENIED', 'WWW-Authenticate')).toBe('context.authorizer.challenge')
  })

  it.each([
    'AUTHORIZER_FAILURE',
    'AUTHORIZER_CONFIGURATION_ERROR',
    'THROTTLED',
    'QUOTA_EXCEEDED',
  ])('%s says when to try again', (type) => expect(header(type, 'Retry-After')).toMatch(/^'\d+'$/))

  it('CL-05: CORS and security headers stand on all of them', () => {
    for (const { ResponseType, ResponseParameters } of responses()) {
      expect(header(ResponseType, 'Access-Control-Allow-Origin')).toBe("'*'")
      expect(Object.keys(ResponseParameters).join()).not.toContain('Allow-Credentials')
      for (const exposed of [
        'WWW-Authenticate',
        'MCP-Session-Id',
        'MCP-Protocol-Version',
        'X-Request-ID',
        'RateLimit',
        'X-RateLimit-Remaining',
        'Retry-After',
      ])
        expect(header(ResponseType, 'Access-Control-Expose-Headers')).toContain(exposed)
      expect(header(ResponseType, 'X-Content-Type-Options')).toBe("'nosniff'")
      expect(header(ResponseType, 'Content-Security-Policy')).toContain('sandbox; default-src')
      expect(header(ResponseType, 'Cache-Control')).toBe("'no-store'")
      expect(header(ResponseType, 'Strict-Transport-Security')).toContain('; preload')
    }
  })

  it('every header is one expression: a literal without inner quotes, or a context value (PLATFORM 2)', () => {
    for (const { ResponseParameters } of responses())
      for (const value of Object.values(ResponseParameters))
        expect(joined(value)).toMatch(/^(?:'[^']*'|context\.[\w.]+)$/)
  })

  it('bodies are JSON with a stable code and the request id', () => {
    for (const { ResponseTemplates } of responses()) {
      const { jsonrpc, error } = JSON.parse(ResponseTemplates['application/json'])
      expect(jsonrpc).toBe('2.0')
      expect(error.data).toEqual({ code: expect.stringMatching(/^[a-z_]+$/), requestId: '$context.requestId' })
    }
  })

  it('all are part of the deployment: none was made but by addGatewayResponse (PLATFORM 23c)', () => {
    const deployment = resourcesOfType(template, 'AWS::ApiGateway::Deployment')[0]?.[1]
    for (const { id } of responses()) expect(deployment?.DependsOn).toContain(id)
  })
})
