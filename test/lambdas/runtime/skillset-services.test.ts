import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { defineSkillset } from '../../../lambdas/runtime/define-skillset.ts'
import { parseEnvironment } from '../../../lambdas/runtime/environment.ts'
import { secret, table } from '../../../lambdas/runtime/needs.ts'
import { lazyServices } from '../../../lambdas/runtime/skillset-services.ts'
import { Table } from '../../../lambdas/runtime/table.ts'

/** Secrets Manager's wire protocol, with one secret that has a value. */
const secretsManager = createServer(async (request, response) => {
  const { SecretId } = JSON.parse(await text(request))
  response.setHeader('content-type', 'application/x-amz-json-1.1')
  if (SecretId === 'arn:set') return response.end(JSON.stringify({ ARN: SecretId, SecretString: 'the value' }))
  response.statusCode = 400
  const kind = SecretId === 'arn:denied' ? 'AccessDeniedException' : 'ResourceNotFoundException'
  return response.end(JSON.stringify({ __type: kind, message: kind }))
})

beforeAll(async () => {
  await new Promise<void>((resolve) => secretsManager.listen(0, '127.0.0.1', resolve))
  const { port } = secretsManager.address() as AddressInfo
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', `http://127.0.0.1:${port}`)
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
})

afterAll(async () => {
  vi.unstubAllEnvs()
  secretsManager.closeAllConnections()
  await new Promise((resolve) => secretsManager.close(resolve))
})

const skillset = defineSkillset({
  name: 'sample',
  title: 'Sample',
  instructions: '',
  needs: [table(), secret('key'), secret('extra', { optional: true })],
  services: async ({ table, secret, issuer }) => ({
    table,
    issuer,
    key: await secret('key'),
    extra: await secret('extra'),
  }),
  abilities: [],
})

const servicesWith = (secrets: Record<string, string>) => {
  const variables = {
    ISSUER: 'https://mcp.example.com',
    SERVER_NAME: 'sample',
    OPTIONS: '{}',
    ALLOWED_ORIGINS: '[]',
    TABLE_NAME: 'data',
    ...secrets,
  }
  return lazyServices(skillset, parseEnvironment(variables, skillset), Date.now)()
}

describe('services', () => {
  it('are given the table and the secrets that were declared', async () => {
    const services = await servicesWith({ SECRET_KEY: 'arn:set', SECRET_EXTRA: 'arn:set' })
    expect(services).toEqual({
      table: expect.any(Table),
      issuer: 'https://mcp.example.com',
      key: 'the value',
      extra: 'the value',
    })
  })

  it.each([{}, { SECRET_EXTRA: 'arn:never-set' }])('do without an optional secret (%j)', async (extra) => {
    const { extra: value } = await servicesWith({ SECRET_KEY: 'arn:set', ...extra })
    expect(value).toBeUndefined()
  })

  it('are not built without a required secret', async () => {
    await expect(servicesWith({ SECRET_KEY: 'arn:never-set' })).rejects.toThrow('secret key has no value')
  })

  it('are not built where a secret cannot be read, optional or not', async () => {
    await expect(servicesWith({ SECRET_KEY: 'arn:denied' })).rejects.toThrow('secret key cannot be read')
    const both = { SECRET_KEY: 'arn:set', SECRET_EXTRA: 'arn:denied' }
    await expect(servicesWith(both)).rejects.toThrow('secret extra cannot be read')
  })
})
