import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listFiles } from '../../../../../../lambdas/skillsets/data/engines/files/file-pattern.ts'
import type { FileSource } from '../../../../../../lambdas/skillsets/data/engines/files/file-source.ts'
import { createFolderSource } from '../../../../../../lambdas/skillsets/data/engines/files/folder-source.ts'
import { createS3Source } from '../../../../../../lambdas/skillsets/data/engines/files/s3-source.ts'
import { ADMINISTRATOR } from '../../../../../../local/iam.ts'
import { ObjectStore } from '../../../../../../local/s3/object-store.ts'
import { startS3 } from '../../../../../../local/s3/s3.ts'
import { callerAs, callersOf, resource, stackOf } from '../../../../../local/hand-made.ts'

const BUCKET = 'prod-mcp-data'

interface Place {
  readonly source: FileSource
  put(key: string, content: string): Promise<void>
  remove(key: string): Promise<void>
  /** A path to fetch to. */
  readonly target: string
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'file-sources-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

let changes = 0

async function folderPlace(): Promise<Place> {
  const folder = temporaryFolder()
  return {
    source: createFolderSource(join(folder, 'source')),
    async put(key, content) {
      const path = join(folder, 'source', key)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
      utimesSync(path, ++changes, ++changes)
    },
    remove: async (key) => rmSync(join(folder, 'source', key)),
    target: join(folder, 'fetched'),
  }
}

async function bucketPlace(directory = temporaryFolder()): Promise<Place> {
  const caller = callerAs(ADMINISTRATOR)
  const stack = stackOf(resource('AWS::S3::Bucket', 'Bucket', BUCKET, {}))
  const { url, close } = await startS3([stack], directory, callersOf(caller))
  const client = new S3Client({
    endpoint: url,
    region: 'us-east-1',
    credentials: caller.credentials,
    forcePathStyle: true,
  })
  onTestFinished(async () => {
    client.destroy()
    await close()
  })
  return {
    source: createS3Source({ client, bucket: BUCKET, prefix: 'lake/' }),
    async put(key, content) {
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `lake/${key}`, Body: content }))
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: `lake/${key}` }))
    },
    target: join(temporaryFolder(), 'fetched'),
  }
}

describe.each([
  ['a folder', folderPlace],
  ['a bucket, over the wire', bucketPlace],
])('%s as a source of files', (_, start: () => Promise<Place>) => {
  test('lists what begins so; a key is below the source', async () => {
    const { source, put } = await start()
    for (const key of ['orders/2025/a.csv', 'orders/b.csv', 'orders.csv', 'other/c.csv']) await put(key, key)
    const keys = async (prefix: string) => (await source.list(prefix)).map(({ key }) => key).toSorted()
    expect(await keys('orders/')).toEqual(['orders/2025/a.csv', 'orders/b.csv'])
    expect(await keys('orders')).toEqual(['orders.csv', 'orders/2025/a.csv', 'orders/b.csv'])
    expect(await keys('')).toHaveLength(4)
    expect(await keys('none/')).toEqual([])
  })

  test('the ETag is the same as long as the file is, and another one then', async () => {
    const { source, put } = await start()
    const etag = async () => (await source.list('a.csv'))[0]?.etag
    await put('a.csv', 'one')
    const first = await etag()
    expect(await etag()).toBe(first)
    await put('a.csv', 'two')
    expect(await etag()).not.toBe(first)
  })

  test('fetches a file whole', async () => {
    const { source, put, target } = await start()
    const content = 'grün\n'.repeat(100_000)
    await put('a b/ü+%.csv', content)
    const [file] = await source.list('')
    if (!file) throw new Error('the file is not listed')
    await source.fetch(file, target)
    expect(readFileSync(target, 'utf8')).toBe(content)
  })

  test('a file that changed or went since it was listed is not taken for it', async () => {
    const { source, put, remove, target } = await start()
    await put('a.csv', 'one')
    const [file] = await source.list('')
    if (!file) throw new Error('the file is not listed')
    await put('a.csv', 'two')
    await expect(source.fetch(file, target)).rejects.toThrow()
    await remove('a.csv')
    await expect(source.fetch(file, `${target}-2`)).rejects.toThrow()
  })
})

test('a bucket is listed over pages', async () => {
  const directory = temporaryFolder()
  const store = new ObjectStore(join(directory, BUCKET), [])
  const keys = Array.from({ length: 1_050 }, (_, index) => `orders/${String(index).padStart(4, '0')}.csv`)
  for (const key of keys) store.put(`lake/${key}`, Buffer.from('x'), {}, Date.now())
  const { source } = await bucketPlace(directory)
  expect((await source.list('orders/')).map(({ key }) => key).toSorted()).toEqual(keys)
})

test('a folder that is not there has no files; a link is the file that it leads to', async () => {
  expect(await createFolderSource(join(temporaryFolder(), 'none')).list('')).toEqual([])
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'a.txt'), 'linked')
  symlinkSync(join(folder, 'a.txt'), join(folder, 'b.csv'))
  expect((await createFolderSource(folder).list('b')).map(({ key }) => key)).toEqual(['b.csv'])
})

describe('patterns', () => {
  const KEYS = ['orders.csv', 'orders/a.csv', 'orders/b.csv', 'orders/old/c.csv', 'orders/a.csv.bak', 'orderslog/d.csv']
  const TENANT_KEYS = [
    'example/orders/a.csv',
    'partner/orders/a.csv',
    'example-2/orders/a.csv',
    'examplex/orders/a.csv',
  ]

  async function listed(pattern: string, tenant = 'example') {
    const asked: string[] = []
    const all = [...KEYS, ...TENANT_KEYS].toReversed()
    const source: FileSource = {
      list: async (prefix) => {
        asked.push(prefix)
        return all.filter((key) => key.startsWith(prefix)).map((key) => ({ key, etag: '1' }))
      },
      fetch: async () => undefined,
    }
    return { keys: (await listFiles(source, pattern, tenant)).map(({ key }) => key), asked }
  }

  test.each([
    ['orders.csv', ['orders.csv'], 'orders.csv'],
    ['orders/*.csv', ['orders/a.csv', 'orders/b.csv'], 'orders/'],
    ['orders/*/*.csv', ['orders/old/c.csv'], 'orders/'],
    ['o*s/a.csv', ['orders/a.csv'], ''],
    ['{tenant}/orders/*.csv', ['example/orders/a.csv'], 'example/orders/'],
    ['*/orders/a.csv', TENANT_KEYS.toSorted(), ''],
    ['orders/x.csv', [], 'orders/x.csv'],
  ])('%s', async (pattern, keys, prefix) => {
    expect(await listed(pattern)).toEqual({ keys, asked: [prefix] })
  })

  test("another tenant's files are not even asked for", async () => {
    expect((await listed('{tenant}/orders/*.csv', 'partner')).asked).toEqual(['partner/orders/'])
  })

  test.each([
    '*',
    '../partner',
    '.*',
    'example|partner',
    'ex/../partner',
  ])('a tenant called %s is no pattern', async (tenant) => {
    expect((await listed('{tenant}/orders/*.csv', tenant)).keys).toEqual([])
  })
})
