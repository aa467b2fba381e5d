import { tmpdir } from 'node:os'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { factory as run } from '../cli/run-factory.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { LIST_TOOLS, postMessage } from '../support/oauth.ts'

let factory: TestFactory
beforeAll(async () => {
  factory = await startTestFactory({ domain: false })
})
afterAll(() => factory?.remove())

const here = (...args: string[]) => run(args, { environment: factory.environment })

describe('token', () => {
  it('prints a token that the server takes, and nothing else', async () => {
    const { stdout, stderr, code } = await here('token', 'productivity', '--as', 'alice')
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    const answer = await postMessage(factory.servers.productivity, stdout.trim(), LIST_TOOLS)
    expect(answer.status).toBe(200)
    expect(decodeJwt(stdout.trim())).toMatchObject({ email: 'alice@example.com', aud: factory.servers.productivity })
  })

  it('--json and --scope: with what came with it, and no more than was asked for', async () => {
    const { stdout } = await here(
      'token',
      factory.servers.productivity,
      '--as',
      'bob@example.com',
      '--json',
      '--scope',
      'calendar:read',
    )
    const { token, ...others } = JSON.parse(stdout) as { token: string }
    expect(others).toEqual({ expires_in: 600, scope: 'calendar:read', resource: factory.servers.productivity })
    expect(decodeJwt(token).scope).toBe('calendar:read')
  })

  it('--scope with one that there is not: exit 1, and no grant is left behind', async () => {
    const { stdout, stderr, code } = await here('token', 'productivity', '--as', 'tom', '--scope', 'calendar:read nope')
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
    expect(stderr).toBe('--scope: found nope; allowed for tom@partner.test with it: calendar:read\n')
    const { stdout: held } = await here('people', 'grants', 'tom@partner.test', '--local', '--json')
    expect(JSON.parse(held).grants).toEqual([])
  })

  it('shows what the page says to a person who is not admitted, and exits 1', async () => {
    const { stdout, stderr, code } = await here('token', 'productivity', '--as', 'mallory')
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
    expect(stderr).toBe(
      'mallory@evil.test gets no token. You cannot be given access: Accounts of evil.test are not admitted here.\n',
    )
  })

  it.each([
    [['token', 'productivity', '--as', 'nobody'], /found nobody; allowed: one of alice@example.com, bob@/],
    [['token', 'nothing', '--as', 'alice'], /found nothing; allowed: one of the factory at http:.*productivity/],
    [['token', 'https://mcp.example.com/productivity/mcp', '--as', 'alice'], /allowed: one of the factory at http:/],
    [['token', 'productivity'], /required option '--as <person>' not specified/],
  ])('%j is wrong usage', async (args, message) => {
    const { stderr, code } = await here(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  it('says how to start a factory where none runs', async () => {
    const { stderr, code } = await run(['token', 'productivity', '--as', 'alice'], { directory: tmpdir() })
    expect({ stderr, code }).toEqual({
      stderr: 'No factory runs in this directory: start one with npm start.\n',
      code: 1,
    })
  })
})

describe('doctor', () => {
  it('finds nothing red in a healthy factory, with tokens that it gets by itself', async () => {
    const { stdout, code } = await here('doctor', factory.servers.devops, '--json')
    const { findings, servers } = JSON.parse(stdout) as {
      findings: { level: string; check: string; seen: string }[]
      servers: string[]
    }
    expect(findings.filter(({ level }) => level === 'red')).toEqual([])
    expect(code).toBe(0)
    expect(servers.sort()).toEqual(Object.values(factory.servers).sort())
    // The gate was asked with a token at each of the two servers.
    expect(findings.filter(({ check, level }) => check === 'gate-cache' && level === 'green')).toHaveLength(2)
    expect(findings.filter(({ check, level }) => check === 'streaming' && level === 'green')).toHaveLength(2)
  })

  it('says in colourless words what it saw, and sums up', async () => {
    const { stdout } = await here('doctor', factory.issuer)
    expect(stdout).toMatch(/^ {2}green {2}challenge-header +WWW-Authenticate arrives under its own name$/m)
    expect(stdout).toMatch(/^0 red, \d+ amber, \d+ green\n$/m)
    expect(stdout).not.toContain('\u001b')
  })

  it('without a token for a server: what takes one is amber, never red', async () => {
    const { stdout } = await here('token', 'productivity', '--as', 'alice')
    const { stdout: report } = await here('doctor', factory.issuer, '--token', stdout.trim())
    expect(report.match(/amber {2}streaming +not checked: that takes a token/g)).toHaveLength(1)
  })

  it.each([
    ['no-url', 2, /found no-url; allowed: the https URL/],
    ['http://mcp.example.com', 2, /allowed: the https URL/],
    ['http://127.0.0.1:9', 1, /does not answer: /],
  ])('%s is one clear sentence', async (url, expected, message) => {
    const { stderr, code } = await here('doctor', url)
    expect(code).toBe(expected)
    expect(stderr).toMatch(message)
  })

  it('a page is no factory, and a neighbour no server', async () => {
    const { stderr: page } = await here('doctor', factory.signInIssuer)
    expect(page).toMatch(/is no factory/)
    const { stderr: neighbour } = await here('doctor', `${factory.issuer}/health`)
    expect(neighbour).toMatch(/health is no server of the factory at .*; there are http:/)
  })
})

describe('the factory of this directory', () => {
  it('outputs --local lists it', async () => {
    const { stdout } = await here('outputs', '--local', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      issuer: factory.issuer,
      servers: expect.arrayContaining([
        { name: 'devops', title: 'DevOps', url: factory.servers.devops, status: 'running' },
      ]),
    })
  })

  it('secrets set --local stores there', async () => {
    const input = JSON.stringify({ clientId: 'client-1', clientSecret: 'marked-client-secret' })
    const { stdout, code } = await run(['secrets', 'set', 'google', '--local'], {
      environment: factory.environment,
      input,
    })
    expect(code).toBe(0)
    expect(stdout.trim()).toMatch(/^[\w-]{32,64}$/)
  })
})
