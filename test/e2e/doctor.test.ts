import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discover } from '../../cli/doctor/discover.ts'
import { examine } from '../../cli/doctor/examine.ts'
import { asker } from '../../cli/doctor/exchange.ts'
import type { Finding } from '../../cli/doctor/finding.ts'
import { localTokens } from '../../cli/doctor/token-source.ts'
import type { Template } from '../../local/cloud-assembly.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'

const ask = asker(30_000)

async function doctor(factory: TestFactory, url: string = factory.issuer): Promise<readonly Finding[]> {
  const people = (factory.running.signIn?.people ?? []).map(({ email }) => email)
  return examine(await discover(url, ask), ask, localTokens({ people }, 'bob'))
}

/** Changes a template as text. @throws Error where there is nothing to change: the fault would not be planted */
function replaced(template: Template, pattern: RegExp, replacement: string): Template {
  const before = JSON.stringify(template)
  const after = before.replaceAll(pattern, replacement)
  if (after === before) throw new Error(`the template has no ${pattern}`)
  return JSON.parse(after) as Template
}

function redOf(findings: readonly Finding[], subject: string): Record<string, string> {
  const red = findings.filter((finding) => finding.level === 'red' && finding.subject === subject)
  return Object.fromEntries(red.map(({ check, seen }) => [check, seen]))
}

describe.each([
  {
    seen: 'without a token',
    plant: (stack: string, template: Template) => {
      if (stack.endsWith('productivity'))
        return replaced(
          replaced(template, /header\.WWW-Authenticate/g, 'header.x-amzn-Remapped-www-authenticate'),
          /(\\"\],\\"scopes_supported)/g,
          '/$1',
        )
      if (stack.endsWith('devops'))
        return replaced(
          replaced(template, /(\{\\"resource\\":\\"[^"\\]+)/g, '$1/'),
          /header\.Access-Control-Allow-Origin/g,
          'header.X-None',
        )
      return template
    },
    red: {
      issuer: {},
      productivity: {
        'challenge-header': /arrives as x-amzn-remapped-www-authenticate/,
        metadata: /authorization_servers is \["[^"]+:\d+\/"\], the issuer is [^"]+:\d+$/,
        'step-up': /the challenge of the 403 arrives as x-amzn-remapped-www-authenticate/,
      },
      devops: {
        metadata: /resource is .*\/devops\/mcp\/, the server is .*\/devops\/mcp:/,
        preflight: /no Access-Control-Allow-Origin; the metadata cannot be read/,
        'exposed-headers': /the 401 has no Access-Control-Allow-Origin/,
      },
    },
  },
  {
    seen: 'with a token',
    plant: (stack: string, template: Template) => {
      if (stack.endsWith('productivity'))
        return replaced(
          template,
          /"AuthorizerResultTtlInSeconds":0/g,
          '"AuthorizerResultTtlInSeconds":300,"IdentitySource":"method.request.header.Authorization"',
        )
      if (stack.endsWith('devops'))
        return replaced(
          replaced(template, /"ResponseTransferMode":"STREAM","TimeoutInMillis":\d+/g, '"TimeoutInMillis":29000'),
          /2021-11-15(.*?)\/response-streaming-invocations/g,
          '2015-03-31$1/invocations',
        )
      return template
    },
    red: {
      issuer: {},
      productivity: {
        'gate-cache': /given again for GET/,
        'step-up': /yet the gate refuses no ability/,
      },
      devops: { health: /50\d/, 'good-token': /50\d/, streaming: /its integration does not take that/ },
    },
  },
])('doctor finds what was planted and is seen $seen, and blames nothing else', ({ plant, red }) => {
  let factory: TestFactory
  let findings: readonly Finding[]
  beforeAll(async () => {
    factory = await startTestFactory({ transformTemplate: plant })
    findings = await doctor(factory)
  })
  afterAll(() => factory?.remove())

  it('at the authorization server', () => {
    const found = redOf(findings, factory.issuer)
    expect(Object.keys(found)).toEqual(Object.keys(red.issuer))
    expect(found).toMatchObject(matching(red.issuer))
  })

  it.each(['productivity', 'devops'] as const)('at %s', (server) => {
    const found = redOf(findings, factory.servers[server])
    expect(Object.keys(found)).toEqual(Object.keys(red[server]))
    expect(found).toMatchObject(matching(red[server]))
  })

  it('also from the URL of either server', async () => {
    for (const url of Object.values(factory.servers)) {
      const { issuer, servers } = await discover(url, ask)
      expect(issuer).toBe(factory.issuer)
      expect(servers.map(({ resource }) => resource).sort()).toEqual(Object.values(factory.servers).sort())
    }
  })
})

function matching(patterns: Readonly<Record<string, RegExp>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(patterns).map(([check, seen]) => [check, expect.stringMatching(seen)]))
}
