import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { Bucket, BucketEntry, LinkOptions } from './bucket.ts'

/** {@link Bucket} in S3. */
export class S3Bucket implements Bucket {
  readonly #client: S3Client
  readonly #name: string

  constructor(client: S3Client, name: string) {
    this.#client = client
    this.#name = name
  }

  async put(key: string, body: Uint8Array | string, { contentType }: { readonly contentType: string }): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({ Bucket: this.#name, Key: key, Body: body, ContentType: contentType }),
    )
  }

  async get(key: string): Promise<{ body: Uint8Array; contentType: string } | undefined> {
    try {
      const { Body, ContentType } = await this.#client.send(new GetObjectCommand({ Bucket: this.#name, Key: key }))
      const body = (await Body?.transformToByteArray()) ?? new Uint8Array()
      return { body, contentType: ContentType ?? 'application/octet-stream' }
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined
      throw error
    }
  }

  async list(prefix: string): Promise<readonly BucketEntry[]> {
    const entries: BucketEntry[] = []
    const request = { Bucket: this.#name, Prefix: prefix }
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, request))
      for (const { Key = '', Size = 0, LastModified } of Contents)
        entries.push({ key: Key, size: Size, modifiedAt: LastModified?.getTime() ?? 0 })
    return entries
  }

  async delete(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#name, Key: key }))
  }

  async link(key: string, { seconds, downloadName }: LinkOptions): Promise<string> {
    const command = new GetObjectCommand({
      Bucket: this.#name,
      Key: key,
      ResponseContentDisposition: downloadName === undefined ? undefined : attachment(downloadName),
    })
    return await getSignedUrl(this.#client, command, { expiresIn: seconds })
  }
}

/** RFC 6266 §4.3: a plain name for all, and the whole name for those that know RFC 8187. */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9 ._-]/g, '_')
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return plain === name
    ? `attachment; filename="${name}"`
    : `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
