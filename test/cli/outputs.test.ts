import { describe, expect, it } from 'vitest'
import { startCloudFormation } from './cloudformation-endpoint.ts'
import { factory } from './run-factory.ts'

const ISSUER = 'https://mcp.example.com'
const AUTHORIZATION = { 'dev-mcp-authorization': { status: 'UPDATE_COMPLETE', outputs: { Issuer: ISSUER } } }
const PRODUCTIVITY = { status: 'CREATE_COMPLETE', outputs: { Resource: `${ISSUER}/productivity/mcp` } }

const at = (url: string) => ({ AWS_ENDPOINT_URL_CLOUDFORMATION: url })

describe.each(['outputs', 'deployed'])('%s', (command) => {
  it('lists URL, title and stack status of every server of the config', async () => {
    await using endpoint = await startCloudFormation({
      ...AUTHORIZATION,
      'dev-mcp-server-productivity': PRODUCTIVITY,
    })
    const { stdout, code } = await factory([command], { environment: at(endpoint.url) })
    expect(code).toBe(0)
    expect(stdout).toContain(`Authorization server: ${ISSUER}\n`)
    expect(stdout).toMatch(
      /^productivity +Productivity +https:\/\/mcp\.example\.com\/productivity\/mcp +CREATE_COMPLETE$/m,
    )
    expect(stdout).toMatch(/^devops +DevOps +- +not deployed$/m)
  })
})

describe('outputs', () => {
  it('--json: nothing else on standard output', async () => {
    await using endpoint = await startCloudFormation({ ...AUTHORIZATION, 'dev-mcp-server-productivity': PRODUCTIVITY })
    const { stdout } = await factory(['outputs', '--json'], { environment: at(endpoint.url) })
    const { issuer, servers } = JSON.parse(stdout) as { issuer: string; servers: object[] }
    expect(issuer).toBe(ISSUER)
    expect(servers).toContainEqual({
      name: 'productivity',
      title: 'Productivity',
      url: `${ISSUER}/productivity/mcp`,
      status: 'CREATE_COMPLETE',
    })
  })

  it('says that nothing is deployed, and where it looked', async () => {
    await using endpoint = await startCloudFormation({})
    const { stdout, stderr, code } = await factory(['outputs'], { environment: at(endpoint.url) })
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
    expect(stderr).toMatch(/dev-mcp-authorization is not deployed[\s\S]*AWS_PROFILE and AWS_REGION/)
  })

  it.each([
    ['AccessDenied', 'User: arn:aws:iam::1:user/x is not authorized', /ask for the permission/],
    ['ExpiredToken', 'The security token included in the request is expired', /sign in to it/],
  ])('%s: what CloudFormation said, and what to do', async (code, message, hint) => {
    await using endpoint = await startCloudFormation({}, { code, message })
    const run = await factory(['outputs'], { environment: at(endpoint.url) })
    expect(run.code).toBe(1)
    expect(run.stderr).toContain(message)
    expect(run.stderr).toMatch(hint)
  })

  it.each([
    [{ AWS_REGION: '' }, /Set AWS_REGION/],
    [{ AWS_ACCESS_KEY_ID: '' }, /Set AWS_PROFILE/],
  ])('with %j: what to set', async (environment, message) => {
    const { stderr, code } = await factory(['outputs'], { environment })
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
  })
})
