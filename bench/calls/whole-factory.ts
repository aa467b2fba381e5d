import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import * as z from 'zod'
import type { Template } from '../../local/cloud-assembly.ts'
import { startFactory } from '../../local/factory.ts'
import { connectAs } from '../connect-as.ts'
import { hundredths } from '../figures.ts'

const WARM_UP = 30
const CALLS = 300

/**
 * One client, one call after the other: `list_events` through front, gate, runtime and table, beside the SDK's bare
 * handler behind node:http, and what the gate takes by itself.
 */
export async function benchWholeFactory(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'factory-bench-'))
  const factory = await startFactory({
    directory,
    port: 0,
    domain: true,
    fresh: true,
    offline: true,
    transformTemplate: withoutThrottles,
  })
  const bare = await startBareServer()
  try {
    const server = factory.servers.find(({ name }) => name === 'productivity')
    const email = factory.signIn?.people[0]?.email
    if (server === undefined || email === undefined) throw new Error('this bench wants the config as it ships')
    const { client, oauth } = await connectAs(email, server.url)
    const window = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }
    const post = (headers: Record<string, string>) => async () => {
      const response = await fetch(server.url, { method: 'POST', headers, body: '{' })
      await response.arrayBuffer()
    }
    const results = {
      'bare SDK handler, tools/call': await measure(() => bare.client.callTool({ name: 'echo', arguments: window })),
      'refused at the gate (401)': await measure(post({ 'content-type': 'application/json' })),
      'through the gate to a 400': await measure(
        post({ 'content-type': 'application/json', authorization: `Bearer ${oauth.issued?.access_token}` }),
      ),
      'factory, tools/call': await measure(() => client.callTool({ name: 'list_events', arguments: window })),
    }
    const floor = results['bare SDK handler, tools/call'].p50
    console.log('\nThrough the whole factory, one call after the other')
    console.table(
      Object.fromEntries(
        Object.entries(results).map(([name, { p50, p95 }]) => [
          name,
          { 'p50 ms': hundredths(p50), 'p95 ms': hundredths(p95), 'ratio of p50': hundredths(p50 / floor) },
        ]),
      ),
    )
    await client.close()
  } finally {
    await bare.stop()
    await factory.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Without the stages' throttles, which would answer a bench with 429. */
export function withoutThrottles(_stack: string, template: Template): Template {
  const copy = structuredClone(template)
  for (const { Type, Properties } of Object.values(copy.Resources))
    if (Type === 'AWS::ApiGateway::Stage' && Properties) Object.assign(Properties, { MethodSettings: [] })
  return copy
}

async function measure(call: () => Promise<unknown>): Promise<{ p50: number; p95: number }> {
  for (let count = 0; count < WARM_UP; count++) await call()
  const times: number[] = []
  for (let count = 0; count < CALLS; count++) {
    const started = performance.now()
    await call()
    times.push(performance.now() - started)
  }
  times.sort((one, other) => one - other)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95) }
}

/** An MCP server without any of what surrounds it here: the floor. */
async function startBareServer() {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'bare', version: '1.0.0' })
    server.registerTool('echo', { inputSchema: z.object({ from: z.string(), to: z.string() }) }, (input) => ({
      content: [{ type: 'text', text: JSON.stringify(input) }],
    }))
    return server
  })
  const listener = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk as Uint8Array)
    const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const answer = await handler.fetch(
      new Request('http://localhost/mcp', {
        method: request.method ?? 'GET',
        headers,
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      }),
    )
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const client = new Client({ name: 'bench', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } })
  const url = new URL(`http://127.0.0.1:${(listener.address() as AddressInfo).port}/mcp`)
  await client.connect(new StreamableHTTPClientTransport(url))
  return {
    client,
    stop: async () => {
      await client.close()
      listener.closeAllConnections()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}
