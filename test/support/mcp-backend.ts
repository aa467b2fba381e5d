import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { createMcpHandler, McpServer as McpServerV2 } from '@modelcontextprotocol/server'

/** One request as it came to a backend, whole. */
export interface Recorded {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly body: string
}

/** A server behind a proxy, which remembers all that it is sent. */
export interface RunningBackend extends AsyncDisposable {
  readonly url: string
  readonly origin: string
  readonly recorded: Recorded[]
  stop(): Promise<void>
}

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => unknown

/** A backend that answers as it is told. */
export async function startBackend(answer: Answer): Promise<RunningBackend> {
  const recorded: Recorded[] = []
  const server = createServer({ maxHeaderSize: 65_536 }, async (request, response) => {
    const body = (await buffer(request)).toString()
    const { method = '', url = '', headers, rawHeaders } = request
    recorded.push({ method, url, headers, rawHeaders, body })
    await answer(request, response, body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
    return stopped
  }
  return { url: `${origin}/base/mcp`, origin, recorded, stop, [Symbol.asyncDispose]: stop }
}

const TOOLS = ['read_page', 'write_page', 'delete_page']
const said = (tool: string) => ({ content: [{ type: 'text' as const, text: `${tool} ran` }] })

/** SDK 1 as most servers run it: with a session, server-sent events and a stream to listen to (2025-11-25). */
export function startSdkV1Backend(): Promise<RunningBackend> {
  const transports = new Map<string, StreamableHTTPServerTransport>()
  return startBackend(async (request, response, body) => {
    const session = String(request.headers['mcp-session-id'] ?? '')
    const transport = transports.get(session) ?? (session === '' ? await newSession(transports) : undefined)
    if (transport === undefined) return response.writeHead(404, { 'content-type': 'text/plain' }).end('No such session')
    return transport.handleRequest(request, response, body === '' ? undefined : JSON.parse(body))
  })
}

async function newSession(transports: Map<string, StreamableHTTPServerTransport>) {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => void transports.set(id, transport),
    onsessionclosed: (id) => void transports.delete(id),
  })
  const server = new McpServerV1({ name: 'wiki', version: '1.0.0' })
  for (const tool of TOOLS) server.registerTool(tool, { description: tool }, () => said(tool))
  // SDK 1 is compiled without exactOptionalPropertyTypes: its own transport does not fit its own interface.
  await server.connect(transport as Transport)
  return transport
}

/** SDK 2, without sessions, both eras of the protocol. */
export function startSdkV2Backend(): Promise<RunningBackend> {
  const { fetch } = createMcpHandler(() => {
    const server = new McpServerV2({ name: 'wiki', version: '1.0.0' })
    for (const tool of TOOLS) server.registerTool(tool, { description: tool }, () => said(tool))
    return server
  })
  return startBackend(async (request, response, body) => {
    const { method = 'GET', url = '/', headers } = request
    const answered = await fetch(
      new Request(`http://backend.invalid${url}`, {
        method,
        headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]),
        ...(body !== '' && { body }),
      }),
    )
    response.writeHead(answered.status, Object.fromEntries(answered.headers))
    if (answered.body === null) response.end()
    else Readable.fromWeb(answered.body as Parameters<typeof Readable.fromWeb>[0]).pipe(response)
  })
}
