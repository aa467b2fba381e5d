import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { selfSigned } from './certificates.ts'

/** A web server of a test that has a public name, once DNS and connections lead to it. */
export interface PublicHost {
  readonly port: number
  /** PEM; trusted where a test says so. */
  readonly certificate: string
  readonly requests: IncomingMessage[]
  answer: (request: IncomingMessage, response: ServerResponse) => void
  /** Answers with JSON by path, and 404 elsewhere. */
  serve(documents: Readonly<Record<string, unknown>>, headers?: Readonly<Record<string, string>>): void
  close(): Promise<void>
}

export async function startPublicHost(name: string, validTo = new Date('2100-01-01')): Promise<PublicHost> {
  const { key, cert } = selfSigned(name, validTo)
  const host: Omit<PublicHost, 'port' | 'close'> = {
    certificate: cert,
    requests: [],
    answer: (_, response) => response.writeHead(404).end(),
    serve(documents, headers = {}) {
      host.answer = ({ url = '' }, response) => {
        const found = documents[url]
        response.writeHead(found === undefined ? 404 : 200, { 'Content-Type': 'application/json', ...headers })
        response.end(JSON.stringify(found))
      }
    },
  }
  const server = createServer({ key, cert }, (request, response) => {
    host.requests.push(request)
    host.answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(host, {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}
