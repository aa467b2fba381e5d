import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectAclCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { describe, expect, onTestFinished, test } from 'vitest'
import { S3Bucket } from '../../../lambdas/runtime/s3-bucket.ts'
import type { Caller } from '../../../local/aws-endpoint.ts'
import { ADMINISTRATOR } from '../../../local/iam.ts'
import { startS3 } from '../../../local/s3/s3.ts'
import { callerAs, callersOf, principalWith, resource, stackOf, temporaryDirectory } from '../hand-made.ts'

const BUCKET = 'prod-mcp-server-data-bucket-1'
const bucketResource = resource('AWS::S3::Bucket', 'Bucket', BUCKET, {
  LifecycleConfiguration: { Rules: [{ Id: 'results/', Status: 'Enabled', Prefix: 'results/', ExpirationInDays: 1 }] },
})

async function start(caller: Caller = callerAs(ADMINISTRATOR), directory = temporaryDirectory()) {
  const { url, close } = await startS3([stackOf(bucketResource)], directory, callersOf(caller))
  onTestFinished(close)
  const client = clientOf(url, caller.credentials)
  return { client, bucket: new S3Bucket(client, BUCKET), url, directory }
}

function clientOf(endpoint: string, credentials: Caller['credentials']): S3Client {
  const client = new S3Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
  onTestFinished(() => client.destroy())
  return client
}

const CSV = { contentType: 'text/csv; charset=utf-8' }

describe('Bucket, over the wire', () => {
  test('an object comes back as it was put, is replaced as a whole, and is gone when it is deleted', async () => {
    const { bucket, directory } = await start()
    expect(await bucket.get('reports/one.csv')).toBeUndefined()
    await bucket.put('reports/one.csv', 'a,b\n1,2\n', CSV)
    await bucket.put('reports/one.csv', Buffer.from([0, 255, 10]), { contentType: 'application/octet-stream' })
    expect(await bucket.get('reports/one.csv')).toEqual({
      body: new Uint8Array([0, 255, 10]),
      contentType: 'application/octet-stream',
    })
    // A record and its bytes; nothing of the former.
    expect(readdirSync(join(directory, BUCKET))).toHaveLength(2)
    await bucket.delete('reports/one.csv')
    await bucket.delete('reports/one.csv')
    expect(await bucket.get('reports/one.csv')).toBeUndefined()
    expect(readdirSync(join(directory, BUCKET))).toEqual([])
  })

  test('objects outlive the process, and what a kill left half is removed', async () => {
    const { bucket, directory } = await start()
    const key = `reports/${'long/'.repeat(60)}Grüße & <more> +1 (a)!*'.csv`
    await bucket.put(key, 'kept', CSV)
    writeFileSync(join(directory, BUCKET, 'half.0123456789abcdef'), 'half')
    const again = await start(undefined, directory)
    expect((await again.bucket.list('reports/')).map((entry) => entry.key)).toEqual([key])
    expect(Buffer.from((await again.bucket.get(key))?.body ?? []).toString()).toBe('kept')
    expect(readdirSync(join(directory, BUCKET))).toHaveLength(2)
  })

  test('lists what begins so, over pages', async () => {
    const { bucket, client } = await start()
    for (const name of ['b', 'a', 'c']) await bucket.put(`results/${name}`, name.repeat(3), CSV)
    await bucket.put('reports/x', 'x', CSV)
    const [first, ...others] = await bucket.list('results/')
    expect(first).toEqual({ key: 'results/a', size: 3, modifiedAt: expect.any(Number) })
    expect(Math.abs(Date.now() - (first?.modifiedAt ?? 0))).toBeLessThan(60_000)
    expect(others.map(({ key }) => key)).toEqual(['results/b', 'results/c'])
    const keys: (string | undefined)[] = []
    let token: string | undefined
    do {
      const input: ListObjectsV2CommandInput = {
        Bucket: BUCKET,
        MaxKeys: 1,
        ...(token && { ContinuationToken: token }),
      }
      const page = await client.send(new ListObjectsV2Command(input))
      expect(page.KeyCount).toBe(1)
      keys.push(page.Contents?.[0]?.Key)
      token = page.NextContinuationToken
    } while (token)
    expect(keys).toEqual(['reports/x', 'results/a', 'results/b', 'results/c'])
    const folders = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Delimiter: '/' }))
    expect(folders.CommonPrefixes).toEqual([{ Prefix: 'reports/' }, { Prefix: 'results/' }])
    expect(folders.Contents).toBeUndefined()
  })

  test('a link opens for anybody, as S3 would serve it, under the name that it was made with', async () => {
    const { bucket } = await start()
    await bucket.put('reports/r 1.html', '<p>report</p>', { contentType: 'text/html; charset=utf-8' })
    const shown = await fetch(await bucket.link('reports/r 1.html', { seconds: 60 }))
    expect(await shown.text()).toBe('<p>report</p>')
    expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect([...shown.headers.keys()].filter((name) => /cookie|policy|allow/.test(name))).toEqual([])
    const saved = await fetch(await bucket.link('reports/r 1.html', { seconds: 60, downloadName: 'Umsätze.html' }))
    expect(saved.headers.get('content-disposition')).toBe(
      `attachment; filename="Ums_tze.html"; filename*=UTF-8''Ums%C3%A4tze.html`,
    )
    await saved.text()
  })
})

describe('a link', () => {
  const linkTo = (client: S3Client, at: number, expiresIn = 60) =>
    getSignedUrl(client, new GetObjectCommand({ Bucket: BUCKET, Key: 'reports/one' }), {
      expiresIn,
      signingDate: new Date(at),
    })
  const codeOf = async (url: string) => /<Code>(.*)<\/Code>/.exec(await (await fetch(url)).text())?.[1]

  test('ends, and is good for nothing else', async () => {
    const { client, bucket } = await start()
    await bucket.put('reports/one', 'one', CSV)
    await bucket.put('reports/two', 'two', CSV)
    const good = await linkTo(client, Date.now())
    expect(await (await fetch(good)).text()).toBe('one')
    expect(await codeOf(await linkTo(client, Date.now() - 61_000))).toBe('AccessDenied')
    expect(await codeOf(await linkTo(client, Date.now() + 3_600_000))).toBe('AccessDenied')
    expect(await codeOf(good.replace('reports/one', 'reports/two'))).toBe('SignatureDoesNotMatch')
    expect(await codeOf(good.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000'))).toBe('SignatureDoesNotMatch')
    expect(await codeOf(`${good}&response-content-type=text%2Fhtml`)).toBe('SignatureDoesNotMatch')
    expect(await codeOf(good.replace(/X-Amz-Security-Token=[^&]+/, 'X-Amz-Security-Token=other'))).toBe('InvalidToken')
    expect(await codeOf(good.split('?')[0] ?? '')).toBe('AccessDenied')
    // By another name for this machine, as a page would that has had its own name point here.
    expect(await codeOf(good.replace('127.0.0.1', 'localhost'))).toBe('SignatureDoesNotMatch')
    const put = await fetch(good, { method: 'PUT', body: 'changed' })
    expect(put.status).toBe(403)
    await put.text()
    expect(await (await fetch(good)).text()).toBe('one')
  })

  test('opens what its signer may read, and nothing else', async () => {
    const { client } = await start(
      callerAs(
        principalWith({ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/results/*` }),
      ),
    )
    expect(await codeOf(await linkTo(client, Date.now()))).toBe('AccessDenied')
  })
})

describe('reading', () => {
  async function withObject() {
    const started = await start()
    await started.bucket.put('results/one', '0123456789', CSV)
    const { ETag } = await started.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'results/one' }))
    const get = (input: object) =>
      started.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'results/one', ...input }))
    return { ...started, get, etag: ETag ?? '' }
  }

  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('the range %s is %s', async (Range, content, ContentRange) => {
    const { get } = await withObject()
    const answer = await get({ Range })
    expect(answer).toMatchObject({ ContentRange, ContentLength: content.length })
    expect(await answer.Body?.transformToString()).toBe(content)
  })

  test('a range beyond the end, and conditions that do not hold, are refused', async () => {
    const { get, etag } = await withObject()
    await expect(get({ Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' })
    await expect(get({ IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    await expect(get({ IfNoneMatch: etag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } })
    const answer = await get({ IfMatch: etag, IfNoneMatch: '"other"' })
    expect(await answer.Body?.transformToString()).toBe('0123456789')
  })

  test('what is not there, or in no bucket, has its code', async () => {
    const { client, get } = await withObject()
    await expect(get({ Key: 'results/none' })).rejects.toMatchObject({ name: 'NoSuchKey' })
    await expect(get({ Bucket: 'none-such' })).rejects.toMatchObject({ name: 'NoSuchBucket' })
    const head = client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'results/none' }))
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } })
  })
})

describe('an upload', () => {
  const put = (client: S3Client, input: Partial<PutObjectCommandInput>) =>
    client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'results/up', ...input }))

  test('of a stream comes in chunks, and is kept without them', async () => {
    const { client } = await start()
    const parts = ['first ', 'x'.repeat(100_000), ' last']
    await put(client, {
      Body: Readable.from(parts.map((part) => Buffer.from(part))),
      ContentLength: parts.join('').length,
    })
    const { Body, ContentEncoding } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'results/up' }))
    expect(await text(Body as Readable)).toBe(parts.join(''))
    expect(ContentEncoding).toBeUndefined()
  })

  test('keeps its metadata', async () => {
    const { client } = await start()
    await put(client, {
      Body: 'x',
      ContentDisposition: 'inline',
      CacheControl: 'no-store',
      Metadata: { tenant: 'one' },
    })
    expect(await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'results/up' }))).toMatchObject({
      ContentType: 'application/octet-stream',
      ContentDisposition: 'inline',
      CacheControl: 'no-store',
      Metadata: { tenant: 'one' },
    })
  })

  test('that is not what its checksum says, or would replace what must be new, is refused and changes nothing', async () => {
    const administrator = callerAs(ADMINISTRATOR)
    const { client, bucket, url } = await start(administrator)
    const altered = clientOf(url, administrator.credentials)
    await bucket.put('results/up', 'before', CSV)
    await expect(put(client, { Body: 'x', ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' })
    await expect(put(client, { Body: 'x', IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    altered.middlewareStack.add(
      (next) => (args) => {
        ;(args.request as { body: unknown }).body = 'y'
        return next(args)
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
    await expect(put(altered, { Body: 'x' })).rejects.toMatchObject({ name: 'XAmzContentSHA256Mismatch' })
    expect(Buffer.from((await bucket.get('results/up'))?.body ?? []).toString()).toBe('before')
  })
})

describe('a role', () => {
  const ALLOWED = [
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: `arn:aws:s3:::${BUCKET}/results/*` },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${BUCKET}`,
      Condition: { StringLike: { 's3:prefix': 'results/*' } },
    },
  ]

  test('does what its statements allow, by prefix, and nothing else', async () => {
    const { bucket, client } = await start(callerAs(principalWith(...ALLOWED)))
    await bucket.put('results/one', 'one', CSV)
    expect((await bucket.list('results/')).map(({ key }) => key)).toEqual(['results/one'])
    expect(await bucket.get('results/one')).toBeDefined()
    const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }
    await expect(bucket.put('reports/one', 'one', CSV)).rejects.toMatchObject(denied)
    await expect(bucket.get('reports/one')).rejects.toMatchObject(denied)
    await expect(bucket.delete('results/one')).rejects.toMatchObject(denied)
    await expect(bucket.list('')).rejects.toMatchObject(denied)
    await expect(bucket.list('reports/')).rejects.toMatchObject(denied)
    await expect(client.send(new CreateBucketCommand({ Bucket: 'another' }))).rejects.toMatchObject(denied)
    // Whoever may not list the bucket is not told that an object is missing.
    await expect(bucket.get('results/none')).rejects.toMatchObject(denied)
  })

  test('is nobody with another’s key', async () => {
    const { url } = await start()
    const stranger = new S3Bucket(clientOf(url, callerAs(ADMINISTRATOR).credentials), BUCKET)
    await expect(stranger.list('')).rejects.toMatchObject({ name: 'InvalidToken' })
  })
})

test('the administrator makes the buckets that the config names, which stay', async () => {
  const { client, directory } = await start()
  await client.send(new CreateBucketCommand({ Bucket: 'lake' }))
  await new S3Bucket(client, 'lake').put('orders.csv', 'id\n1\n', CSV)
  const again = await start(undefined, directory)
  expect(await new S3Bucket(again.client, 'lake').list('')).toHaveLength(1)
  // A folder is made of the name.
  for (const Bucket of ['..', 'Lake', 'la'])
    await expect(client.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'InvalidBucketName' })
})

test('what is not stood for is refused by name', async () => {
  const { client } = await start()
  await expect(
    client.send(new PutObjectAclCommand({ Bucket: BUCKET, Key: 'results/up', ACL: 'public-read' })),
  ).rejects.toMatchObject({ name: 'NotImplemented' })
  await expect(
    client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'results/copy', CopySource: `${BUCKET}/results/up` })),
  ).rejects.toMatchObject({ name: 'NotImplemented' })
})

test.each([
  ['a property', resource('AWS::S3::Bucket', 'Bucket', BUCKET, { WebsiteConfiguration: {} }), 'WebsiteConfiguration'],
  [
    'a policy that lets somebody in',
    resource('AWS::S3::BucketPolicy', 'Policy', 'policy', {
      Bucket: BUCKET,
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Principal: '*', Resource: '*' }] },
    }),
    'BucketPolicy Policy: a statement about more than TLS',
  ],
])('%s that it does not stand for stops the start', async (_what, unknown, message) => {
  await expect(startS3([stackOf(unknown)], temporaryDirectory(), new Map())).rejects.toThrow(message)
})
