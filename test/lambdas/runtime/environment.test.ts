import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { EnvironmentError, parseEnvironment } from '../../../lambdas/runtime/environment.ts'
import { athena, bucket, files, secret, table } from '../../../lambdas/runtime/needs.ts'

const skillset = {
  needs: [table(), secret('api-key'), secret('google-service-account', { optional: true })],
  options: z.strictObject({ speed: z.int().default(1) }),
}
const variables = {
  ISSUER: 'https://mcp.example.com',
  SERVER_NAME: 'sample',
  OPTIONS: '{"speed":2}',
  ALLOWED_ORIGINS: '[]',
  TABLE_NAME: 'data',
  SECRET_API_KEY: 'arn:aws:secretsmanager:eu-central-1:1:secret:api-key',
}

describe('parseEnvironment', () => {
  it('reads what the stack says', () => {
    expect(parseEnvironment(variables, skillset)).toEqual({
      issuer: 'https://mcp.example.com',
      serverName: 'sample',
      options: { speed: 2 },
      allowedOrigins: [],
      needs: skillset.needs,
      tableName: 'data',
      bucketName: undefined,
      files: undefined,
      athena: undefined,
      secretArns: new Map([['api-key', variables.SECRET_API_KEY]]),
    })
  })

  it.each(Object.keys(variables))('fails closed without %s', (name) => {
    expect(() => parseEnvironment({ ...variables, [name]: undefined }, skillset)).toThrow(name)
  })

  it.each([
    ['ISSUER', 'not a url'],
    ['OPTIONS', '{marked-secret'],
    ['OPTIONS', '{"speed":"marked-secret"}'],
    ['OPTIONS', '{"marked":1}'],
    ['ALLOWED_ORIGINS', '["marked-secret"]'],
    // Its origin would be `null`, which every sandboxed page has.
    ['ALLOWED_ORIGINS', '["data:marked-secret"]'],
    ['TABLE_NAME', ''],
    ['SECRET_API_KEY', ''],
  ])('names %s and not its value %s', (name, value) => {
    const parse = () => parseEnvironment({ ...variables, [name]: value }, skillset)
    expect(parse).toThrow(EnvironmentError)
    expect(parse).toThrow(new RegExp(name))
    expect(parse).not.toThrow(/marked-secret/)
  })

  it('takes the origin of an allowed URL', () => {
    const ALLOWED_ORIGINS = '["https://App.example.com:443/","http://x.test:8080/path"]'
    const { allowedOrigins } = parseEnvironment({ ...variables, ALLOWED_ORIGINS }, skillset)
    expect(allowedOrigins).toEqual(['https://app.example.com', 'http://x.test:8080'])
  })

  it('has no table where the skillset needs none', () => {
    const { tableName } = parseEnvironment(variables, { ...skillset, needs: [] })
    expect(tableName).toBeUndefined()
  })

  describe('of needs that its options decide', () => {
    const choosing = {
      options: z.strictObject({ engine: z.enum(['files', 'folder', 'database']) }),
      needs: (options: unknown) => {
        const { engine } = options as { engine: string }
        if (engine === 'database') return [secret('database')]
        const source = engine === 'folder' ? { folder: './data' } : { bucket: 'lake', prefix: 'retail/' }
        return [bucket({ 'results/': 1 }), files(source)]
      },
    }
    const { TABLE_NAME: _table, SECRET_API_KEY: _key, ...rest } = variables
    const parse = (engine: string, more: Record<string, string>) =>
      parseEnvironment({ ...rest, OPTIONS: JSON.stringify({ engine }), ...more }, choosing)

    it('reads what each choice needs', () => {
      expect(parse('files', { BUCKET_NAME: 'own', DATA_BUCKET: 'lake', DATA_PREFIX: 'retail/' })).toMatchObject({
        bucketName: 'own',
        files: { bucket: 'lake', prefix: 'retail/' },
      })
      expect(parse('files', { BUCKET_NAME: 'own', DATA_BUCKET: 'lake', DATA_PREFIX: '' }).files).toEqual({
        bucket: 'lake',
        prefix: '',
      })
      expect(parse('folder', { BUCKET_NAME: 'own', DATA_FOLDER: '/data' }).files).toEqual({ folder: '/data' })
      const { files: none, bucketName, secretArns } = parse('database', { SECRET_DATABASE: 'arn:one' })
      expect({ none, bucketName, secretArns }).toEqual({
        none: undefined,
        bucketName: undefined,
        secretArns: new Map([['database', 'arn:one']]),
      })
    })

    it.each([
      ['files', { DATA_BUCKET: 'lake', DATA_PREFIX: '' }, 'BUCKET_NAME'],
      ['files', { BUCKET_NAME: 'own', DATA_PREFIX: '' }, 'DATA_BUCKET'],
      ['files', { BUCKET_NAME: 'own', DATA_BUCKET: 'lake' }, 'DATA_PREFIX'],
      ['folder', { BUCKET_NAME: 'own' }, 'DATA_FOLDER'],
      ['database', { BUCKET_NAME: 'own' }, 'SECRET_DATABASE'],
    ])('%s fails closed with %j: %s is missing', (engine, more, missing) => {
      expect(() => parse(engine, more)).toThrow(missing)
    })
  })

  describe('Athena', () => {
    const source = { bucket: 'lake', prefix: '' }
    const asking = { ...skillset, needs: [athena({ source, tables: {}, scanMegabytes: 10 })] }
    const access = { example: { role: 'arn:aws:iam::1:role/a', workgroup: 'w', database: 'd' } }

    it('is how each tenant’s statements run', () => {
      const given = { ...variables, ATHENA: JSON.stringify(access) }
      expect(parseEnvironment(given, asking).athena).toEqual(access)
    })

    it.each([
      undefined,
      '',
      '[]',
      '{"example":{}}',
      '{"example":{"role":"marked-secret"}}',
    ])('fails closed with %s', (ATHENA) => {
      const parse = () => parseEnvironment({ ...variables, ATHENA }, asking)
      expect(parse).toThrow(EnvironmentError)
      expect(parse).toThrow('ATHENA')
      expect(parse).not.toThrow(/marked-secret/)
    })
  })
})
