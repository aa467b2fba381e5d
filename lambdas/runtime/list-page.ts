import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'

/** Entries of a list that are sent at once. */
const PAGE = 100

/**
 * One page of a list (MCP pagination). The cursor is the last entry's name, so that it means the same at every instance
 * and shows nobody more than they may see.
 * @throws ProtocolError −32602 for a cursor that is not of this list
 */
export function listPage<One extends { readonly name: string }>(
  all: readonly One[],
  cursor: string | undefined,
  requestId: string,
): { readonly page: readonly One[]; readonly nextCursor?: string } {
  const from = cursor === undefined ? 0 : all.findIndex(({ name }) => cursorOf(name) === cursor) + 1
  if (cursor !== undefined && from === 0)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown cursor', { code: 'invalid_cursor', requestId })
  const page = all.slice(from, from + PAGE)
  const last = page.at(-1)
  return { page, ...(last && from + PAGE < all.length && { nextCursor: cursorOf(last.name) }) }
}

function cursorOf(name: string): string {
  return Buffer.from(name).toString('base64url')
}
