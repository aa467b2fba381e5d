import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { startSecretsManager } from './secrets-manager-endpoint.ts'

const PROJECT_ROOT = join(import.meta.dirname, '..', '..')
const CREDENTIALS = { clientId: 'client-1', clientSecret: 'marked-client-secret' }
const STORED_NAME = 'dev-mcp/connection/google'

interface Run {
  readonly url?: string
  readonly input?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs the command line as `npm run factory --` does, with no AWS but the endpoint. */
async function factory(args: readonly string[], { url = 'http://127.0.0.1:9', input = '', environment }: Run = {}) {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'bin', 'factory.ts'), ...args], {
    env: {
      PATH: process.env.PATH,
      FACTORY_STAGE: 'dev',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_MAX_ATTEMPTS: '1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
      ...environment,
    },
  })
  child.stdin.end(input)
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on('close', resolve)),
  ])
  expect(stdout + stderr).not.toMatch(/^ +at /m)
  expect(stdout + stderr).not.toContain(CREDENTIALS.clientSecret)
  return { stdout, stderr, code }
}

describe('secrets set', () => {
  it('creates the secret that the stack imports and prints its version', async () => {
    await using endpoint = await startSecretsManager()
    const { stdout, stderr, code } = await factory(['secrets', 'set', 'google'], {
      url: endpoint.url,
      input: JSON.stringify(CREDENTIALS),
    })
    expect(code).toBe(0)
    expect(endpoint.stored.get(STORED_NAME)?.value).toEqual(CREDENTIALS)
    expect(stdout).toBe(`${endpoint.stored.get(STORED_NAME)?.versionId}\n`)
    expect(stderr).toContain(`Created ${STORED_NAME}`)
    expect(stderr).toContain('connection.secretVersion')
  })

  it('adds a version where it is stored already', async () => {
    await using endpoint = await startSecretsManager()
    endpoint.stored.set(STORED_NAME, { versionId: 'before', value: {} })
    const { stdout, stderr } = await factory(['secrets', 'set', 'google'], {
      url: endpoint.url,
      input: JSON.stringify(CREDENTIALS),
    })
    expect(endpoint.calls.map(({ operation }) => operation)).toEqual(['PutSecretValue'])
    expect(stdout).toBe(`${endpoint.stored.get(STORED_NAME)?.versionId}\n`)
    expect(stderr).toContain(`Added a version to ${STORED_NAME}`)
  })

  it('says what Secrets Manager said, and exits 1', async () => {
    const message = 'You tried to perform the operation on a secret that is marked deleted.'
    await using endpoint = await startSecretsManager({ type: 'InvalidRequestException', message })
    const { stdout, stderr, code } = await factory(['secrets', 'set', 'google'], {
      url: endpoint.url,
      input: JSON.stringify(CREDENTIALS),
    })
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
    expect(stderr).toContain(`${STORED_NAME} was not stored. InvalidRequestException: ${message}`)
  })

  it('exits 1 where nothing answers', async () => {
    const { stderr, code } = await factory(['secrets', 'set', 'google'], { input: JSON.stringify(CREDENTIALS) })
    expect(code).toBe(1)
    expect(stderr).toContain('was not stored')
  })

  it.each([
    ['no JSON', 'client-1 marked-client-secret', /found no JSON/],
    ['a missing secret', '{"clientId":"client-1"}', /^clientSecret: not usable/m],
    ['an empty id', '{"clientId":"","clientSecret":"marked-client-secret"}', /^clientId: not usable/m],
    ['a further field', JSON.stringify({ ...CREDENTIALS, other: 1 }), /^the input: not usable/m],
  ])('refuses %s with exit code 2, and stores nothing', async (_, input, message) => {
    await using endpoint = await startSecretsManager()
    const { stderr, code } = await factory(['secrets', 'set', 'google'], { url: endpoint.url, input })
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(endpoint.calls).toEqual([])
  })

  it.each([
    [['secrets', 'set', 'goggle'], /Allowed choices are google, oidc/],
    [['secrets', 'set'], /missing required argument 'provider'/],
    [['secret'], /unknown command 'secret'/],
  ])('%j is wrong usage: exit code 2', async (args, message) => {
    const { stderr, code } = await factory(args)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  it('names a config that is not there, with exit code 2', async () => {
    const { stderr, code } = await factory(['secrets', 'set', 'google'], { environment: { FACTORY_CONFIG: 'no.ts' } })
    expect(code).toBe(2)
    expect(stderr).toMatch(/FACTORY_CONFIG: found .*no\.ts, which does not exist/)
  })

  it('--help has examples and exit codes', async () => {
    const { stdout, code } = await factory(['secrets', 'set', '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('npm run factory -- secrets set google')
    expect(stdout).toContain('Exit codes:')
  })
})
