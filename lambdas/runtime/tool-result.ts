import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/server'
import { AbilityError } from './ability-error.ts'

/** Bytes of one result, both halves counted: what a buffered Lambda response may hold (PLATFORM 7). */
const LARGEST_RESULT = 6 * 1_048_576

/**
 * An ability's output as structured content with its text twin, for clients that read only text.
 * @param shown what stands before the text; where it has text itself, that is the twin
 * @throws AbilityError `result_too_large`: half a result would be mistaken for a whole one
 */
export function successResult(output: Record<string, unknown>, shown: readonly ContentBlock[] = []): CallToolResult {
  const text = JSON.stringify(output)
  const twin = shown.some(({ type }) => type === 'text') ? [] : [{ type: 'text' as const, text }]
  const content: ContentBlock[] = [...shown, ...twin]
  // The text is sent twice: as JSON, and inside a JSON string.
  assertCarriable(Buffer.byteLength(text) + Buffer.byteLength(JSON.stringify(content)))
  return { content, structuredContent: output }
}

/** @throws AbilityError `result_too_large`: half a result would be mistaken for a whole one */
export function assertCarriable(bytes: number): void {
  if (bytes > LARGEST_RESULT)
    throw new AbilityError(
      'result_too_large',
      `The result is larger than ${LARGEST_RESULT} bytes.`,
      'Ask for less: a narrower range, a smaller limit, or one page after the other.',
    )
}

const LONGEST_SHOWN_NAME = 64

/** What a tool result with `isError` says; always with the request id, never with a stack trace. */
export interface ToolError {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly requestId: string
  /** With `insufficient_scope`: all scopes to ask for. */
  readonly scope?: string
}

/** A scope is missing, which only the body shows (a header would have met the gate). */
export function insufficientScope(name: string, missing: string, scope: string, requestId: string): ToolError {
  return {
    code: 'insufficient_scope',
    message: `${name} needs the scope ${missing}, which this connection was not given.`,
    hint: 'Disconnect this server in your client and connect it again; allow the scope on the consent page.',
    requestId,
    scope,
  }
}

/** Only text: structured content would have to match the ability's output schema, which clients check. */
export function errorResult(error: ToolError): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify({ error }) }], isError: true }
}

/**
 * The same words whether there is no such tool or it is beyond what this person may ever have: only what the caller sent
 * is said again, as far as it can be shown.
 */
export function unknownTool(name: string): string {
  const shown = name.slice(0, LONGEST_SHOWN_NAME).replace(/[^ !#-~]/g, '?')
  return `Unknown tool: "${shown}". tools/list has the tools that there are for you.`
}
