import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

import type { Connection, HeaderList } from './headers.ts'

/** PLATFORM 7: 10 MB payload, 10,240 bytes of headers in total. */
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024
export const MAX_HEADER_BYTES = 10_240
/** What Lambda takes as an event. */
export const MAX_EVENT_BYTES = 6 * 1024 * 1024

/** A client's request, read whole, as either kind of API takes it. */
export interface GatewayRequest extends Connection {
  readonly id: string
  /** `x-amz-apigw-id`, `apigw-requestid` */
  readonly extendedId: string
  readonly method: string
  /** As sent, without the query. */
  readonly path: string
  readonly query: string
  readonly headers: HeaderList
  readonly headerBytes: number
  readonly body: Buffer | 'too large'
  readonly protocol: string
  /** The host the client named, without port. */
  readonly hostName: string
  readonly receivedAt: Date
}

/** @throws when the client leaves while sending */
export async function receive(message: IncomingMessage, receivedAt: Date): Promise<GatewayRequest> {
  const [path = '/', query = ''] = splitTarget(message.url ?? '/')
  const headers = pairs(message.rawHeaders)
  return {
    id: randomUUID(),
    extendedId: `${randomBytes(11).toString('base64url')}=`,
    method: message.method ?? 'GET',
    path,
    query,
    headers,
    headerBytes: headers.reduce((total, [name, value]) => total + name.length + value.length, 0),
    body: await readBody(message),
    protocol: `HTTP/${message.httpVersion}`,
    hostName: (message.headers.host ?? 'localhost').replace(/:\d+$/, ''),
    receivedAt,
    ...connectionOf(message.socket),
  }
}

async function readBody(message: IncomingMessage): Promise<Buffer | 'too large'> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    length += chunk.length
    if (length > MAX_PAYLOAD_BYTES) {
      // The rest is taken and thrown away: a client that is still sending would not read the answer otherwise. Only once
      // the iterator has let go of the stream; before, resuming has no effect and the connection stays stuck.
      setImmediate(() => message.resume())
      return 'too large'
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function connectionOf(socket: Socket): Connection {
  return {
    sourceIp: (socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    port: socket.localPort ?? 0,
    scheme: 'encrypted' in socket ? 'https' : 'http',
  }
}

function splitTarget(target: string): [string, string] {
  const mark = target.indexOf('?')
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)]
}

function pairs(rawHeaders: readonly string[]): HeaderList {
  const headers: [string, string][] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? ''])
  }
  return headers
}
