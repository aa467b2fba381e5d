import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { S3Bucket } from '../../lambdas/runtime/s3-bucket.ts'
import { SAMPLE_MANIFEST, SAMPLE_VERSION } from '../../lambdas/skillsets/data/sample/manifest.ts'
import { ADMINISTRATOR, type Principal } from '../../local/iam.ts'
import { REGION } from '../../local/resource-types.ts'
import { startS3 } from '../../local/s3/s3.ts'
import { callerAs, callersOf, principalWith, resource, stackOf } from '../local/hand-made.ts'
import { startCloudFormation } from './cloudformation-endpoint.ts'
import { factory } from './run-factory.ts'

const CONFIG = { FACTORY_CONFIG: join(import.meta.dirname, 'sample-data.config.ts') }
const BUCKET = 'dev-mcp-server-data-sampledata-1'
const DEPLOYED = {
  'dev-mcp-server-data': { status: 'CREATE_COMPLETE', outputs: { SampleDataBucket: BUCKET } },
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sample-data-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** CloudFormation and S3 with the bucket, and the environment that leads to them. */
async function startAws(principal: Principal = ADMINISTRATOR) {
  const caller = callerAs(principal)
  const stack = stackOf(resource('AWS::S3::Bucket', 'SampleData', BUCKET))
  const s3 = await startS3([stack], temporaryFolder(), callersOf(caller))
  onTestFinished(s3.close)
  const cloudFormation = await startCloudFormation(DEPLOYED)
  onTestFinished(() => cloudFormation[Symbol.asyncDispose]())
  const { credentials } = caller
  const client = new S3Client({ endpoint: s3.url, region: REGION, credentials })
  onTestFinished(() => client.destroy())
  const environment = {
    ...CONFIG,
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  }
  return { environment, bucket: new S3Bucket(client, BUCKET) }
}

describe('sample-data', () => {
  it('fills the bucket that the stack of the server names, once', async () => {
    const { environment, bucket } = await startAws()
    const first = await factory(['sample-data'], { environment })
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(new RegExp(`^Wrote 9\\d\\d,\\d{3} rows to ${BUCKET}\\.\n$`))
    expect(await bucket.list('orders/')).toHaveLength(2)
    const { stdout } = await factory(['sample-data', '--json'], { environment })
    expect(JSON.parse(stdout)).toEqual({ to: BUCKET, rows: expect.any(Number), isNew: false })
  }, 120_000)

  it('says where there is one already', async () => {
    const { environment, bucket } = await startAws()
    const manifest = JSON.stringify({ version: SAMPLE_VERSION, rows: 1234 })
    await bucket.put(SAMPLE_MANIFEST, manifest, { contentType: 'application/json' })
    const { stdout } = await factory(['sample-data'], { environment })
    expect(stdout).toBe(`${BUCKET} has the 1,234 rows already.\n`)
  })

  it('says what S3 refuses, and what to do', async () => {
    const { environment } = await startAws(principalWith())
    const { stdout, stderr, code } = await factory(['sample-data'], { environment })
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
    expect(stderr).toMatch(new RegExp(`^${BUCKET} was not filled\\. AccessDenied: [\\s\\S]*ask for the permission`))
  })

  it('says that the server is not deployed', async () => {
    await using endpoint = await startCloudFormation({})
    const environment = { ...CONFIG, AWS_ENDPOINT_URL_CLOUDFORMATION: endpoint.url }
    const { stderr, code } = await factory(['sample-data'], { environment })
    expect(code).toBe(1)
    expect(stderr).toMatch(/dev-mcp-server-data is not deployed[\s\S]*AWS_PROFILE and AWS_REGION/)
  })

  it.each([
    [[], { TWO_SAMPLES: 'yes' }, /^--server: found none; allowed: data, analytics\n$/],
    [['--server', 'devops'], {}, /^--server: found devops; allowed: data\n$/],
    [['--server', 'data', '--directory', 'x'], {}, /^--server: found with --directory; allowed: one of them\n$/],
  ])('%j with %j is wrong usage', async (args, extra, message) => {
    const { stderr, code } = await factory(['sample-data', ...args], { environment: { ...CONFIG, ...extra } })
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  it('a config without the sample is told how one is had', async () => {
    const FACTORY_CONFIG = join(import.meta.dirname, 'proxy.config.ts')
    const { stderr, code } = await factory(['sample-data'], { environment: { FACTORY_CONFIG } })
    expect(code).toBe(2)
    expect(stderr).toMatch(/source: \{ sample: true \}[\s\S]*--directory/)
  })

  it('--directory that cannot be written says what the system said', async () => {
    const { stderr, code } = await factory(['sample-data', '--directory', join(import.meta.filename, 'data')])
    expect(code).toBe(1)
    expect(stderr).toMatch(/sample-data\.test\.ts\/data could not be written: ENOTDIR/)
  })
})
