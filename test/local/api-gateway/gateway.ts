import { createServer, type IncomingHttpHeaders, type Server, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createApis, type DomainMapping } from '../../../local/api-gateway/index.ts'
import type { Stack } from '../../../local/stack.ts'
import { type Handler, inProcess } from './functions.ts'

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly bytes: Buffer
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what it gets
  readonly json: any
}

export interface RequestOptions {
  readonly method?: string
  readonly headers?: Record<string, string | string[]>
  readonly body?: string | Buffer
}

/** One API on a port of its own, as execute-api or a custom domain would serve it. */
export interface RunningApi extends AsyncDisposable {
  readonly port: number
  readonly logged: readonly object[]
  /** Moves the gateway's clock on. */
  advance(milliseconds: number): void
  fetch(path: string, options?: RequestOptions): Promise<Reply>
}

export async function run(
  stacks: Stack | readonly Stack[],
  apiId: 'rest' | 'http',
  functions: Readonly<Record<string, Handler>> = {},
  mapping?: DomainMapping,
): Promise<RunningApi> {
  const logged: object[] = []
  let now = Date.parse('2026-11-22T04:54:16Z')
  const apis = createApis([stacks].flat(), inProcess(functions), { log: (line) => logged.push(line), now: () => now })
  const api = apis.get(apiId)
  const server: Server = createServer((request, response) => void api.handle(request, response, mapping))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    logged,
    advance(milliseconds) {
      now += milliseconds
    },
    fetch: (path, options) => fetchRaw(port, path, options),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Like fetch, but sends and shows headers as they are on the wire. */
function fetchRaw(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: RequestOptions = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = send({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = bytes.toString()
        const { statusCode = 0, rawHeaders } = response
        resolve({
          status: statusCode,
          headers: response.headers,
          rawHeaders,
          bytes,
          text,
          get json() {
            return JSON.parse(text)
          },
        })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}
