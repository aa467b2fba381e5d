import type { Question } from './exchange.ts'

/** Headers of an MCP request that any server here understands. */
export const MCP_REQUEST = {
  'Content-Type': 'application/json',
  Accept: 'application/json, text/event-stream',
  'MCP-Protocol-Version': '2025-11-25',
} as const

const LIST_TOOLS = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })

/** A request to an MCP server; POST asks for its tools. */
export function mcpRequest(method: string, headers: Readonly<Record<string, string>>): Question {
  return method === 'POST' ? { method, headers: { ...MCP_REQUEST, ...headers }, body: LIST_TOOLS } : { method, headers }
}
