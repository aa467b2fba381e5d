import { setTimeout as wait } from 'node:timers/promises'
import { S3Client } from '@aws-sdk/client-s3'
import { expect, onTestFinished, test } from 'vitest'
import { S3Bucket } from '../../../lambdas/runtime/s3-bucket.ts'
import { readManifest, SAMPLE_MANIFEST } from '../../../lambdas/skillsets/data/sample/manifest.ts'
import { ADMINISTRATOR } from '../../../local/iam.ts'
import { REGION } from '../../../local/resource-types.ts'
import { startS3 } from '../../../local/s3/s3.ts'
import { provideSampleData } from '../../../local/sample-data/provide.ts'
import type { Administrator } from '../../../local/services.ts'
import { callerAs, callersOf, resource, stackOf, temporaryDirectory } from '../hand-made.ts'

const SCALE = 0.02
const SAMPLE = 'prod-mcp-server-data-sampledata-1'
const OTHER = 'prod-mcp-server-data-bucket-1'
const stack = stackOf(
  resource('AWS::S3::Bucket', 'SampleData', SAMPLE, { Tags: [{ Key: 'content', Value: 'sample-data' }] }),
  resource('AWS::S3::Bucket', 'Bucket', OTHER),
)

async function startStore() {
  const caller = callerAs(ADMINISTRATOR)
  const { url, close } = await startS3([stack], temporaryDirectory(), callersOf(caller))
  onTestFinished(close)
  const { credentials } = caller
  const client = new S3Client({ endpoint: url, region: REGION, credentials })
  onTestFinished(() => client.destroy())
  const administrator: Administrator = { region: REGION, credentials, s3: url, dynamodb: '', secretsManager: '' }
  return { administrator, sample: new S3Bucket(client, SAMPLE), other: new S3Bucket(client, OTHER) }
}

test('a bucket for sample data is filled in the background; ended half way, the next start does it again', async () => {
  const { administrator, sample, other } = await startStore()
  const said: string[] = []
  const provide = () => provideSampleData([stack], administrator, SCALE, (message) => said.push(message))

  const ended = provide()
  while (said.length === 0) await wait(20)
  await ended.stop()
  expect(said.splice(0)).toEqual(['Sample data: being made ...'])
  expect(await sample.get(SAMPLE_MANIFEST)).toBeUndefined()

  await provide().settled
  expect(said.splice(0)).toEqual([
    'Sample data: being made ...',
    expect.stringMatching(/^Sample data: ready \([\d,]+ rows, [\d.]+ s\)$/),
  ])
  const manifest = await sample.get(SAMPLE_MANIFEST)
  expect(readManifest(new TextDecoder().decode(manifest?.body))?.rows).toBeGreaterThan(10_000)
  expect(await sample.list('')).toHaveLength(11)
  expect(await other.list('')).toEqual([])

  await provide().settled
  expect(said).toEqual([])
}, 60_000)

test('a store that does not answer is told, and stops nothing', async () => {
  const { administrator } = await startStore()
  const said: string[] = []
  const nowhere = { ...administrator, s3: 'http://127.0.0.1:9' }
  await provideSampleData([stack], nowhere, SCALE, (message) => said.push(message)).settled
  expect(said).toEqual([
    expect.stringMatching(/^Sample data: could not be made; the next start tries again\.\n.*ECONNREFUSED/),
  ])
})
