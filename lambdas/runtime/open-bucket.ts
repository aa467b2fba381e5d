import type { S3Client } from '@aws-sdk/client-s3'
import { AWS_CLIENT } from '../store/aws-client.ts'
import type { Bucket } from './bucket.ts'

/** Objects are larger than items: a request may take longer. Milliseconds. */
const REQUEST_TIMEOUT = 20_000

/** A client for S3; the SDK is loaded where one is used. */
export async function openS3(): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3')
  const requestHandler = { ...AWS_CLIENT.requestHandler, requestTimeout: REQUEST_TIMEOUT }
  return new S3Client({ ...AWS_CLIENT, requestHandler })
}

/** A bucket of this server. */
export async function openBucket(name: string): Promise<Bucket> {
  const [client, { S3Bucket }] = await Promise.all([openS3(), import('./s3-bucket.ts')])
  return new S3Bucket(client, name)
}
