/** The revision without sessions, whose requests name themselves in headers. */
export const STATELESS_REVISION = '2026-07-28'
/** The only revision with JSON-RPC batches; also what a request without `MCP-Protocol-Version` is taken for. */
export const BATCH_REVISION = '2025-03-26'

/** What `initialize` can negotiate, the preferred one first. */
export const HANDSHAKE_REVISIONS = ['2025-11-25', '2025-06-18', BATCH_REVISION]

export const SERVED_REVISIONS = [STATELESS_REVISION, ...HANDSHAKE_REVISIONS]
