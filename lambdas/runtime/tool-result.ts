import type { CallToolResult } from '@modelcontextprotocol/server'
import { AbilityError } from './ability-error.ts'

/** Bytes of one result, both halves counted: what a buffered Lambda response may hold (PLATFORM 7). */
const LARGEST_RESULT = 6 * 1_048_576

/**
 * An ability's output as structured content with its text twin, for clients that read only text.
 * @throws AbilityError `result_too_large`: half a result would be mistaken for a whole one
 */
export function successResult(output: Record<string, unknown>): CallToolResult {
  const text = JSON.stringify(output)
  // The text is sent twice: as JSON, and inside a JSON string.
  if (Buffer.byteLength(text) + Buffer.byteLength(JSON.stringify(text)) > LARGEST_RESULT)
    throw new AbilityError(
      'result_too_large',
      `The result is larger than ${LARGEST_RESULT} bytes.`,
      'Ask for less: a narrower range, a smaller limit, or one page after the other.',
    )
  return { content: [{ type: 'text', text }], structuredContent: output }
}

/** What a tool result with `isError` says; always with the request id, never with a stack trace. */
export interface ToolError {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly requestId: string
  /** With `insufficient_scope`: all scopes to ask for. */
  readonly scope?: string
}

/** The answer to a call whose scope is missing, which only the body shows (a header would have met the gate). */
export function insufficientScopeResult(tool: string, missing: string, scope: string, requestId: string) {
  return errorResult({
    code: 'insufficient_scope',
    message: `${tool} needs the scope ${missing}, which this connection was not given.`,
    hint: 'Disconnect this server in your client and connect it again; allow the scope on the consent page.',
    requestId,
    scope,
  })
}

/** Only text: structured content would have to match the ability's output schema, which clients check. */
export function errorResult(error: ToolError): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify({ error }) }], isError: true }
}
