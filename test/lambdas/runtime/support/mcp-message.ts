import type { AuthorizerContext } from '../../../../model/authorizer-context.ts'
import { type InvokedResponse, invoke, textOf } from './aws-lambda.ts'
import { proxyEvent } from './gateway-event.ts'

export const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

type Params = Readonly<Record<string, unknown>>
type Headers = Readonly<Record<string, string | readonly string[]>>

/** A 2025-era request, with its version in the header. */
export function handshakeRequest(method: string, params: Params = {}, version = '2025-11-25') {
  return {
    headers: { ...JSON_HEADERS, 'mcp-protocol-version': version } as Headers,
    message: { jsonrpc: '2.0', id: 1, method, params },
  }
}

/** A 2026-07-28 request: the envelope in the body, the same facts in headers. */
export function statelessRequest(method: string, params: Params = {}, headers: Headers = {}) {
  const named = params.name ?? params.uri
  const name = typeof named === 'string' ? { 'mcp-name': named } : {}
  return {
    headers: { ...JSON_HEADERS, 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...name, ...headers },
    message: {
      jsonrpc: '2.0',
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
          'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
          ...(params._meta as Params | undefined),
        },
      },
    },
  }
}

export interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The messages of the body, JSON or SSE. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came over the wire
  readonly messages: any[]
}

/** Sends one body to a handler as an admitted person. */
export async function send(
  handler: unknown,
  { headers, message }: { readonly headers: Headers; readonly message: unknown },
  authorizer: AuthorizerContext | undefined,
  remainingMs?: number,
): Promise<Answer> {
  const body = typeof message === 'string' ? message : JSON.stringify(message)
  return await answerOf(await invoke(handler, proxyEvent({ headers, body, authorizer }), remainingMs))
}

export async function answerOf(response: InvokedResponse): Promise<Answer> {
  const text = await textOf(response)
  const { statusCode, headers } = response
  return {
    statusCode,
    headers,
    text,
    messages: messagesIn(text, headers['content-type'] ?? headers['Content-Type'] ?? ''),
  }
}

function messagesIn(text: string, contentType: string): unknown[] {
  if (text === '') return []
  if (!contentType.startsWith('text/event-stream')) return [JSON.parse(text)].flat()
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: ') && line.length > 6)
    .map((line) => JSON.parse(line.slice(6)))
}
