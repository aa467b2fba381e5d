import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { AuthorizerContext } from '../../../../model/authorizer-context.ts'
import { invoke } from './aws-lambda.ts'
import { proxyEvent } from './gateway-event.ts'

/** A handler behind a port, for clients that speak HTTP. The bearer token is a name, which says who was admitted. */
export async function bridge(handler: unknown, people: Readonly<Record<string, AuthorizerContext>>) {
  const server = createServer(async (request, response) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    // What the stack answers to GET and DELETE, behind the gate (RS-08).
    if (request.method !== 'POST') return response.writeHead(405, { allow: 'POST' }).end()
    const event = proxyEvent({
      headers: Object.fromEntries(
        Object.entries(request.headersDistinct).map(([name, values]) => [name, values ?? []]),
      ),
      body: await buffer(request),
      authorizer: people[token],
    })
    const answer = await invoke(handler, event)
    response.writeHead(answer.statusCode, answer.headers)
    response.flushHeaders()
    for await (const chunk of answer.body) response.write(chunk)
    return response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
