import { once } from 'node:events'
import { createServer, request as forward } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands between the suite and a server. */
export interface BearerFront extends AsyncDisposable {
  readonly url: string
}

/**
 * Stands between the suite and a server: the suite cannot be told of a token. It adds the `Authorization` header and
 * nothing else; host, origin and all that comes back stay as they are.
 * @param server the MCP server's URL
 */
export async function startBearerFront(server: URL, token: string): Promise<BearerFront> {
  const front = createServer((request, response) => {
    const { method, url = '', headers } = request
    const forwarded = forward(
      new URL(url, server),
      { method, headers: { ...headers, authorization: `Bearer ${token}` } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        response.flushHeaders()
        answer.pipe(response)
      },
    )
    forwarded.on('error', () => request.socket.destroy())
    response.on('close', () => forwarded.destroy())
    request.pipe(forwarded)
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  const { port } = front.address() as AddressInfo
  return {
    url: `http://localhost:${port}${server.pathname}`,
    async [Symbol.asyncDispose]() {
      front.closeAllConnections()
      front.close()
      await once(front, 'close')
    },
  }
}
