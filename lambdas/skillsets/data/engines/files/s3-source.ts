import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'
import type { FileSource, SourceFile } from './file-source.ts'

export interface S3Place {
  readonly client: S3Client
  readonly bucket: string
  /** Empty, or ends in `/`. */
  readonly prefix: string
}

/** Objects of a bucket below a prefix. */
export function createS3Source({ client, bucket, prefix: root }: S3Place): FileSource {
  return {
    async list(prefix) {
      const files: SourceFile[] = []
      const request = { Bucket: bucket, Prefix: root + prefix }
      for await (const { Contents } of paginateListObjectsV2({ client }, request))
        for (const { Key, ETag } of Contents ?? [])
          if (Key && ETag) files.push({ key: Key.slice(root.length), etag: ETag })
      return files
    },
    async fetch({ key, etag }, path) {
      const request = new GetObjectCommand({ Bucket: bucket, Key: root + key, IfMatch: etag })
      const { Body } = await client.send(request)
      if (!(Body instanceof Readable)) throw new Error(`${key} has no body`)
      await pipeline(Body, createWriteStream(path, { flags: 'wx' }))
    },
  }
}
