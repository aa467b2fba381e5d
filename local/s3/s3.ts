import { randomUUID } from 'node:crypto'
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Callers } from '../aws-endpoint.ts'
import { AwsError } from '../aws-error.ts'
import { accessDenied, type ConditionContext, type Principal } from '../iam.ts'
import { listenOnLoopback, readBody } from '../loopback-server.ts'
import { bucketArn } from '../resource-types.ts'
import type { Stack } from '../stack.ts'
import { readUpload } from './body.ts'
import { bucketsOf } from './bucket-properties.ts'
import { listObjects } from './list-objects.ts'
import { ObjectStore } from './object-store.ts'
import { readObject } from './read-object.ts'
import { authenticate, parseRequest, type S3Request } from './request.ts'
import { errorXml } from './xml.ts'

/** An upload is read whole before it counts; bytes. */
const LARGEST_UPLOAD = 256 * 1024 * 1024

/** Headers of an upload that come back with the object. */
const KEPT_HEADERS = /^(?:content-(?:type|disposition|encoding|language)|cache-control|expires|x-amz-meta-.+)$/

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Of an object, in place of a body. */
  readonly bytes?: { readonly descriptor: number; readonly first: number; readonly last: number }
}

/** One request of somebody known, to a bucket that is there. */
interface Call {
  readonly request: S3Request
  readonly store: ObjectStore
  readonly now: number
  body(): Promise<Buffer>
  /** @throws AwsError AccessDenied */
  authorize(action: string, resource: string, context?: ConditionContext): void
  may(action: string, resource: string): boolean
}

/**
 * S3's wire protocol for what the SDK does here: one object put, read, deleted, listed; presigned URLs. Buckets are
 * those of the templates, and those that the administrator has made. At an origin of its own, by an address that no
 * cookie of the factory is for: an object may be a page.
 * @throws UnsupportedError for a bucket or policy that it does not stand for
 */
export async function startS3(
  stacks: readonly Stack[],
  directory: string,
  callers: Callers,
): Promise<{ url: string; close(): Promise<void> }> {
  const rules = bucketsOf(stacks)
  const made = existsSync(directory) ? readdirSync(directory) : []
  const stores = new Map(
    [...new Set([...rules.keys(), ...made])].map((name) => [
      name,
      new ObjectStore(join(directory, name), rules.get(name) ?? []),
    ]),
  )
  const createBucket = (name: string) => {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
      throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.')
    if (!stores.has(name)) stores.set(name, new ObjectStore(join(directory, name), []))
    return { status: 200 }
  }

  async function answer(incoming: IncomingMessage): Promise<Answer> {
    const request = parseRequest(incoming)
    const now = Date.now()
    const { principal } = authenticate(request, callers, now)
    const authorize = (action: string, resource: string, context?: ConditionContext) =>
      assertAllowed(principal, action, resource, context)
    if (request.key === '' && request.method === 'PUT') {
      authorize('s3:CreateBucket', bucketArn(request.bucket))
      return createBucket(request.bucket)
    }
    const store = stores.get(request.bucket)
    if (store === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404)
    const body = async () => {
      const read = await readBody(incoming, LARGEST_UPLOAD)
      if (read === undefined)
        throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size')
      return read
    }
    const may = (action: string, resource: string) => principal.decide(action, resource) === 'allowed'
    return await operate({ request, store, now, body, authorize, may })
  }

  const { port, close } = await listenOnLoopback((incoming, response) => {
    const requestId = randomUUID()
    answer(incoming)
      .catch((error: unknown) => errorAnswer(error, incoming, requestId))
      .then((answered) => send(answered, incoming, response, requestId))
      // The client left.
      .catch(() => response.destroy())
  })
  return { url: `http://127.0.0.1:${port}`, close }
}

function assertAllowed(principal: Principal, action: string, resource: string, context?: ConditionContext): void {
  const decision = principal.decide(action, resource, context)
  if (decision !== 'allowed')
    throw new AwsError('AccessDenied', accessDenied(principal, action, resource, decision), 403)
}

async function operate(call: Call): Promise<Answer> {
  const { request, store, now } = call
  const { method, bucket, key, query } = request
  if (key === '' && method === 'GET' && query.get('list-type') === '2') {
    const context = Object.fromEntries(
      ['prefix', 'delimiter'].flatMap((name) => {
        const value = query.get(name)
        return value === undefined ? [] : [[`s3:${name}`, [value]]]
      }),
    )
    call.authorize('s3:ListBucket', bucketArn(bucket), context)
    return { status: 200, headers: { 'content-type': 'application/xml' }, body: listObjects(bucket, query, store, now) }
  }
  // Of what is more than the object itself (tagging, parts, ACLs …) nothing is stood for.
  const plain = [...query.keys()].every((name) => name === 'x-id' || /^(?:X-Amz-|response-)/i.test(name))
  if (key !== '' && plain) {
    if (method === 'GET' || method === 'HEAD') return read(call)
    if (method === 'PUT' && request.headers['x-amz-copy-source'] === undefined) return await put(call)
    if (method === 'DELETE') {
      call.authorize('s3:DeleteObject', `${bucketArn(bucket)}/${key}`)
      store.delete(key)
      return { status: 204 }
    }
  }
  throw new AwsError('NotImplemented', 'A header or operation that is not supported on one machine', 501)
}

function read({ request, store, now, authorize, may }: Call): Answer {
  const { bucket, key, query, headers } = request
  authorize('s3:GetObject', `${bucketArn(bucket)}/${key}`)
  const object = store.find(key, now)
  if (object === undefined) {
    // Whoever may not list is not told what there is.
    if (!may('s3:ListBucket', bucketArn(bucket))) throw new AwsError('AccessDenied', 'Access Denied', 403)
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404)
  }
  const { status, headers: answered, range } = readObject(object, headers, query)
  if (request.method === 'HEAD' || range === undefined) return { status, headers: answered }
  return { status, headers: answered, bytes: { descriptor: store.open(key), ...range } }
}

async function put({ request, store, now, body, authorize }: Call): Promise<Answer> {
  const { bucket, key, headers } = request
  authorize('s3:PutObject', `${bucketArn(bucket)}/${key}`)
  const { content, checksums } = readUpload(await body(), headers)
  if (headers['if-none-match'] === '*' && store.find(key, now))
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412)
  const given = Object.entries(headers).filter(([name]) => KEPT_HEADERS.test(name))
  const kept = Object.fromEntries(given.map(([name, value]) => [name, String(value)]))
  // Of the way here, not of the object.
  if (kept['content-encoding'] !== undefined)
    kept['content-encoding'] = kept['content-encoding'].replace(/^aws-chunked(?:,\s*)?/, '')
  if (kept['content-encoding'] === '') delete kept['content-encoding']
  kept['content-type'] ??= 'binary/octet-stream'
  const { etag } = store.put(key, content, { ...kept, ...checksums }, now)
  return { status: 200, headers: { etag, 'x-amz-server-side-encryption': 'AES256', ...checksums } }
}

function errorAnswer(error: unknown, { url = '' }: IncomingMessage, requestId: string): Answer {
  const known = error instanceof AwsError ? error : new AwsError('InternalError', String(error), 500)
  const [path = ''] = url.split('?')
  return {
    status: known.status,
    headers: { 'content-type': 'application/xml' },
    body: errorXml(known, path, requestId),
  }
}

async function send(
  { status, headers = {}, body = '', bytes }: Answer,
  { method }: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const hasLength = 'content-length' in headers || status === 204 || status === 304
  response.writeHead(status, {
    'x-amz-request-id': requestId,
    'x-amz-id-2': 'local',
    ...headers,
    ...(!hasLength && { 'content-length': String(Buffer.byteLength(body)) }),
  })
  if (bytes) {
    const { descriptor, first, last } = bytes
    await pipeline(createReadStream('', { fd: descriptor, start: first, end: last }), response)
  } else response.end(method === 'HEAD' ? '' : body)
}
