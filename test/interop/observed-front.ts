import { request as forward, type IncomingMessage, type RequestListener } from 'node:http'
import { listenOnLoopback, readBody } from '../../local/loopback-server.ts'

/** A request that a client sent, and the status that answered it. */
export interface Exchange {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly status: number
}

/** The factory's origin as clients see it: what they send is written down and passed on unchanged. */
export interface ObservedFront {
  readonly origin: string
  /** The port that is passed on to. */
  target: number
  /** In the order in which they were answered. */
  exchanges: Exchange[]
  /** Takes `WWW-Authenticate` out of answers, as some proxies do. */
  hidesChallenge: boolean
  close(): Promise<void>
}

const LIMIT = 2 ** 20

export async function startObservedFront(): Promise<ObservedFront> {
  const passOn: RequestListener = async (request, response) => {
    const { method = '', url = '', headers } = request
    const body = (await readBody(request, LIMIT)) ?? Buffer.alloc(0)
    const sent = forward({ host: '127.0.0.1', port: front.target, method, path: url, headers }, (answer) => {
      const { statusCode: status = 502, headers: answered } = answer
      const [path = ''] = url.split('?', 1)
      if (isFromClient(headers, path)) front.exchanges.push({ method, path, headers, body: body.toString(), status })
      if (front.hidesChallenge) delete answered['www-authenticate']
      answer.pipe(response.writeHead(status, answered))
      response.on('close', () => sent.destroy())
    })
    sent.on('error', () => response.destroy()).end(body)
  }
  const server = await listenOnLoopback(passOn)
  const front: ObservedFront = {
    origin: `http://localhost:${server.port}`,
    target: 0,
    exchanges: [],
    hidesChallenge: false,
    close: server.close,
  }
  return front
}

/** Neither a person's browser, which says what it wants a page's parts for, nor the factory, which asks how it is. */
function isFromClient(headers: IncomingMessage['headers'], path: string): boolean {
  return !('sec-fetch-dest' in headers) && path !== '/health'
}
