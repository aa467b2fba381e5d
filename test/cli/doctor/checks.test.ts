import { describe, expect, it } from 'vitest'
import { ADMITTED_CHECKS } from '../../../cli/doctor/admitted-checks.ts'
import type { AdmittedEvidence } from '../../../cli/doctor/admitted-evidence.ts'
import type { IssuerEvidence, ServerEvidence } from '../../../cli/doctor/evidence.ts'
import { FACTORY_CHECKS } from '../../../cli/doctor/factory-checks.ts'
import { type Check, judged } from '../../../cli/doctor/finding.ts'
import { ISSUER_CHECKS } from '../../../cli/doctor/issuer-checks.ts'
import { SERVER_CHECKS } from '../../../cli/doctor/server-checks.ts'
import {
  answer,
  healthyAdmitted,
  healthyIssuer,
  healthyServer,
  ISSUER,
  METADATA_URL,
  PREFLIGHT,
  PUBLIC_KEY,
  RESOURCE_METADATA,
  refused,
  SERVER_METADATA,
  STEP_UP,
} from './healthy-evidence.ts'

/** What is not green, as `check: what was seen`. */
function notGreen<Evidence>(checks: readonly Check<Evidence>[], evidence: Evidence): string[] {
  const findings = judged('subject', checks, evidence).filter(({ level }) => level !== 'green')
  expect(findings.every(({ remedy }) => remedy !== undefined && remedy !== '')).toBe(true)
  return findings.map(({ level, check, seen }) => `${level} ${check}: ${seen}`)
}

const metadata = (change: object) => {
  const document = answer({ json: { ...SERVER_METADATA, ...change } })
  return { metadata: document, openidConfiguration: document }
}
const keys = (...set: object[]) => ({ keys: answer({ json: { keys: set } }) })

describe('what is wrong with an authorization server', () => {
  it('nothing, where it is healthy', () => {
    expect(notGreen(ISSUER_CHECKS, healthyIssuer)).toEqual([])
  })

  it.each<[string, Partial<IssuerEvidence>, string]>([
    [
      'a slash',
      metadata({ issuer: `${ISSUER}/` }),
      'red issuer-identifier: https://mcp.example.com/ ends with a slash',
    ],
    ['another issuer', metadata({ issuer: 'https://x' }), 'red issuer-identifier: found https://x'],
    [
      'no second document',
      { openidConfiguration: answer({ status: 404 }) },
      'red issuer-metadata: /.well-known/openid',
    ],
    [
      'an endpoint elsewhere',
      metadata({ token_endpoint: 'https://x/token' }),
      'red issuer-endpoints: token_endpoint is',
    ],
    [
      'plain PKCE',
      metadata({ code_challenge_methods_supported: ['S256', 'plain'] }),
      'red issuer-capabilities: code_ch',
    ],
    ['no iss', metadata({ authorization_response_iss_parameter_supported: false }), 'red issuer-capabilities: the iss'],
    ['no refresh', metadata({ grant_types_supported: ['authorization_code'] }), 'red issuer-capabilities: no refresh'],
    ['no public clients', metadata({ token_endpoint_auth_methods_supported: [] }), 'red issuer-capabilities: public'],
    ['a private key', keys({ ...PUBLIC_KEY, d: 'd' }), 'red issuer-keys: a key shows private members'],
    ['a symmetric key', keys({ kty: 'oct', k: 'k' }), 'red issuer-keys: a key shows private members'],
    [
      'another algorithm',
      keys({ ...PUBLIC_KEY, alg: 'RS256', kty: 'RSA' }),
      'red issuer-keys: 1 of 1 keys are not ES256',
    ],
    ['no key', keys(), 'red issuer-keys: no key'],
    ['no CORS', { tokenPreflight: answer({ status: 403 }) }, 'red issuer-cross-origin: browser clients may not call'],
    ['foreign errors', { tokenError: answer({ status: 500, body: '{}' }) }, 'red issuer-errors: /token answers'],
    ['403 for an unknown path', { nowhere: answer({ status: 403 }) }, 'red issuer-errors: an unknown path gets 403'],
    ['down', { health: answer({ status: 503, json: { down: ['keys'] } }) }, 'red issuer-health: 503; down: keys'],
  ])('%s', (_, change, finding) => {
    const found = notGreen(ISSUER_CHECKS, { ...healthyIssuer, ...change })
    expect(found).toEqual([expect.stringContaining(finding)])
  })

  it('no nosniff, no HSTS', () => {
    const bare = answer({
      json: SERVER_METADATA,
      headers: { 'x-content-type-options': '', 'strict-transport-security': '' },
    })
    expect(notGreen(ISSUER_CHECKS, { ...healthyIssuer, metadata: bare })).toEqual([
      'red issuer-protection: no X-Content-Type-Options: nosniff; no Strict-Transport-Security',
    ])
  })
})

const post = (headers: Readonly<Record<string, string>>) => ({
  refused: { ...healthyServer.refused, POST: refused(headers) },
})
const challenge = (value: string) => post({ 'www-authenticate': value })
const described = (change: object) => ({ metadata: answer({ json: { ...RESOURCE_METADATA, ...change } }) })
const preflight = (change: Readonly<Record<string, string>>) => ({
  preflight: answer({ status: 204, headers: { ...PREFLIGHT, ...change } }),
})

describe('what is wrong with a server', () => {
  it('nothing, where it is healthy', () => {
    expect(notGreen(SERVER_CHECKS, healthyServer)).toEqual([])
  })

  it.each<[string, Partial<ServerEvidence>, string]>([
    [
      'a renamed challenge',
      post({
        'www-authenticate': '',
        'x-amzn-remapped-www-authenticate': `Bearer resource_metadata="${METADATA_URL}", scope="a:read"`,
      }),
      'red challenge-header: WWW-Authenticate arrives as x-amzn-remapped-www-authenticate',
    ],
    ['no resource_metadata', challenge('Bearer scope="a:read"'), 'red challenge: no resource_metadata'],
    [
      'plain http',
      challenge('Bearer resource_metadata="http://x/m", scope="a:read"'),
      'red challenge: resource_metadata is',
    ],
    ['no scope', challenge(`Bearer resource_metadata="${METADATA_URL}"`), 'red challenge: no scope'],
    [
      'another resource',
      described({ resource: `${ISSUER}/one` }),
      'red metadata: resource is https://mcp.example.com/one,',
    ],
    [
      'a slash after the issuer',
      described({ authorization_servers: [`${ISSUER}/`] }),
      'red metadata: authorization_servers',
    ],
    ['an unknown scope', described({ scopes_supported: ['a:read'] }), 'red metadata: the challenge asks for a:write'],
    [
      'another resource at the root',
      { insertedMetadata: answer({ json: { resource: 'x' } }) },
      'red metadata-inserted: res',
    ],
    [
      'an open method',
      { refused: { ...healthyServer.refused, GET: answer({ status: 405 }) } },
      'red refusal: GET without',
    ],
    ['a bad token let through', { badToken: answer({}) }, 'red refusal: POST with a bad token: 200'],
    [
      'a wildcard alone',
      preflight({ 'access-control-allow-headers': '*' }),
      'red preflight: not allowed: authorization',
    ],
    ['no POST', preflight({ 'access-control-allow-methods': 'GET' }), 'red preflight: POST is not allowed'],
    [
      'an unexposed challenge',
      post({ 'access-control-expose-headers': 'MCP-Session-Id' }),
      'red exposed-headers: the 401 d',
    ],
    ['a 401 that may be cached', post({ 'cache-control': '' }), 'red protection: the 401 may be cached'],
    ['403 for an unknown path', { nowhere: answer({ status: 403 }) }, 'red unknown-path: an unknown path gets 403'],
    ['not listed', { listedAs: undefined }, 'red listed: the authorization server does not list it'],
    ['down', { health: answer({ status: 503 }), listedAs: 'down' }, 'red health: /health gets 503'],
    [
      'a proxy without its backend',
      { health: answer({ status: 503, json: { status: 'down' } }), listedAs: 'down' },
      'red health: the server behind this proxy does not answer',
    ],
    ['slow to be seen', { listedAs: 'down' }, 'amber health: it is up, and the authorization server lists it as down'],
  ])('%s', (_, change, finding) => {
    expect(notGreen(SERVER_CHECKS, { ...healthyServer, ...change })).toEqual([expect.stringContaining(finding)])
  })
})

const progress = (change: Parameters<typeof answer>[0]) => ({
  progress: { ability: 'read', exchange: answer({ body: 'notifications/progress', ...change }) },
})

describe('what is wrong behind the gate', () => {
  it('nothing, where it is healthy', () => {
    expect(notGreen(ADMITTED_CHECKS, healthyAdmitted)).toEqual([])
  })

  const { forbidden: _, ...withoutRefusal } = healthyAdmitted
  it('a backend that fails is not taken for a fault of the gate or the integration', () => {
    const failed = answer({ status: 502, json: { error: { data: { code: 'backend_unreachable' } } } })
    const found = notGreen(ADMITTED_CHECKS, { scopes: ['a:use'], everyday: ['a:use'], list: failed, get: failed })
    expect(found).toEqual([
      'red good-token: the gate lets a good token through; the server behind the proxy fails: backend_unreachable',
      'amber step-up: not checked: the abilities cannot be listed',
      'amber streaming: not checked: the server behind the proxy fails',
    ])
  })

  it('step-up: a server with one scope has nothing that could be asked for', () => {
    expect(notGreen(ADMITTED_CHECKS, { ...withoutRefusal, scopes: ['a:read'], everyday: ['a:read'] })).toEqual([])
  })

  it.each<[string, AdmittedEvidence, string]>([
    ['refused', { ...healthyAdmitted, list: answer({ status: 401 }) }, 'red good-token: the answer is 401'],
    [
      'a kept policy',
      { ...healthyAdmitted, get: answer({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' } }) },
      'red gate-cache: the gate’s answer for POST is given again for GET',
    ],
    ['no scope judged', withoutRefusal, 'red step-up: the token lacks a:write, yet the gate refuses no ability'],
    ['every scope held', { ...withoutRefusal, scopes: ['a:read', 'a:write'] }, 'amber step-up: not checked'],
    [
      'a renamed step-up challenge',
      {
        ...healthyAdmitted,
        forbidden: {
          ability: 'write',
          exchange: answer({
            status: 403,
            headers: { 'x-amzn-remapped-www-authenticate': STEP_UP['www-authenticate'] },
          }),
        },
      },
      'red step-up: the challenge of the 403 arrives as x-amzn-remapped',
    ],
    [
      'a length',
      { ...healthyAdmitted, ...progress({ headers: { 'content-length': '9' } }) },
      'red streaming: the answer is',
    ],
    ['a bad gateway', { ...healthyAdmitted, ...progress({ status: 502 }) }, 'red streaming: 502: the function streams'],
    [
      'one piece',
      { ...healthyAdmitted, ...progress({ arrivals: [9] }) },
      'amber streaming: read: no Content-Length, but',
    ],
  ])('%s', (_name, evidence, finding) => {
    expect(notGreen(ADMITTED_CHECKS, evidence)).toEqual([expect.stringContaining(finding)])
  })
})

describe('what is wrong with the whole', () => {
  const whole = { issuer: healthyIssuer, servers: [healthyServer] }

  it('only what nobody can see from outside, where it is healthy', () => {
    expect(notGreen(FACTORY_CHECKS, whole)).toEqual([
      expect.stringMatching(/^amber identity-provider: .*hd cannot be seen/),
    ])
  })

  it('an answer that no REST API gave', () => {
    const servers = [{ ...healthyServer, ...post({ 'x-amz-apigw-id': '' }) }]
    expect(notGreen(FACTORY_CHECKS, { ...whole, servers })[0]).toMatch(/^amber hosts: no request id of the REST API of/)
  })
})
