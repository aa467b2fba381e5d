import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { readBody } from './lambda-listener.ts'
import { ISSUER } from './token-server.ts'

/** A web-standard handler behind node:http; it believes that it is served at the issuer's origin. */
export function fetchListener(handle: (request: Request) => Promise<Response>): RequestListener {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request)
    const answer = await handle(
      new Request(`${ISSUER}${request.url}`, {
        method: request.method ?? 'GET',
        headers: request.headers as Record<string, string>,
        ...(body.length > 0 && { body: new Uint8Array(body) }),
      }),
    )
    const content = await answer.text()
    const headers = { ...Object.fromEntries(answer.headers), 'content-length': Buffer.byteLength(content) }
    response.writeHead(answer.status, headers).end(content)
  }
}
