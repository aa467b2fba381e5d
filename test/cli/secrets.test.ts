import { describe, expect, it } from 'vitest'
import { factory, MARKED_SECRET } from './run-factory.ts'
import { startSecretsManager } from './secrets-manager-endpoint.ts'

const CREDENTIALS = { clientId: 'client-1', clientSecret: MARKED_SECRET }
const STORED_NAME = 'dev-mcp/connection/google'

const at = (url: string) => ({ AWS_ENDPOINT_URL_SECRETS_MANAGER: url })

describe('secrets set', () => {
  it('creates the secret that the stack imports and prints its version', async () => {
    await using endpoint = await startSecretsManager()
    const { stdout, stderr, code } = await factory(['secrets', 'set', 'google'], {
      environment: at(endpoint.url),
      input: JSON.stringify(CREDENTIALS),
    })
    expect(code).toBe(0)
    expect(endpoint.stored.get(STORED_NAME)?.value).toBe(JSON.stringify(CREDENTIALS))
    expect(stdout).toBe(`${endpoint.stored.get(STORED_NAME)?.versionId}\n`)
    expect(stderr).toContain(`Created ${STORED_NAME}`)
    expect(stderr).toContain('connection.secretVersion')
  })

  it('adds a version where it is stored already', async () => {
    await using endpoint = await startSecretsManager()
    endpoint.stored.set(STORED_NAME, { versionId: 'before', value: '' })
    const { stdout, stderr } = await factory(['secrets', 'set', 'google'], {
      environment: at(endpoint.url),
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
      environment: at(endpoint.url),
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
    const { stderr, code } = await factory(['secrets', 'set', 'google'], { environment: at(endpoint.url), input })
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(endpoint.calls).toEqual([])
  })

  it.each([
    [['secrets', 'set', 'goggle'], /name: found goggle; allowed: google, oidc/],
    [['secrets', 'set'], /missing required argument 'name'/],
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

  it('says that another provider than the config’s is not used, and stores it', async () => {
    await using endpoint = await startSecretsManager()
    const { stderr, code } = await factory(['secrets', 'set', 'oidc'], {
      environment: at(endpoint.url),
      input: JSON.stringify(CREDENTIALS),
    })
    expect(code).toBe(0)
    expect(stderr).toContain("connection.provider 'google': what is stored for oidc is not used")
  })

  it.each([
    ['no region', { AWS_REGION: '' }, /Region is missing[\s\S]*Set AWS_REGION/],
    ['no credentials', { AWS_ACCESS_KEY_ID: '' }, /Set AWS_PROFILE/],
  ])('%s: says what to set', async (_, environment, message) => {
    const input = JSON.stringify(CREDENTIALS)
    const { stderr, code } = await factory(['secrets', 'set', 'google'], { environment, input })
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
  })

  it('a value that cannot be used is said first, whatever else is missing', async () => {
    const { stderr, code } = await factory(['secrets', 'set', 'google'], {
      environment: { AWS_REGION: '' },
      input: '{',
    })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^standard input: found no JSON/)
  })

  it('stores a secret that a server needs, as it was given but for the last line break', async () => {
    await using endpoint = await startSecretsManager()
    const { stdout, stderr, code } = await factory(['secrets', 'set', 'api-key', '--server', 'backend', '--json'], {
      environment: { ...at(endpoint.url), FACTORY_CONFIG: 'test/cli/proxy.config.ts' },
      input: `line 1\n${MARKED_SECRET}\n`,
    })
    expect({ stderr, code }).toMatchObject({
      stderr: expect.stringContaining('Created dev-mcp/backend/api-key'),
      code: 0,
    })
    const stored = endpoint.stored.get('dev-mcp/backend/api-key')
    expect(stored?.value).toBe(`line 1\n${MARKED_SECRET}`)
    expect(JSON.parse(stdout)).toEqual({ name: 'dev-mcp/backend/api-key', created: true, versionId: stored?.versionId })
  })

  it('an empty value is refused', async () => {
    const environment = { FACTORY_CONFIG: 'test/cli/proxy.config.ts' }
    const { stderr, code } = await factory(['secrets', 'set', 'backend/api-key'], { environment, input: '\n' })
    expect({ stderr, code }).toEqual({ stderr: 'standard input: found nothing; allowed: the value\n', code: 2 })
  })
})
