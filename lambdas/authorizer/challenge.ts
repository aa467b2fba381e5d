import { formatScope } from '../../model/scopes.ts'

/**
 * The `WWW-Authenticate` value of a 403 that more scopes would lift (RFC 6750 §3.1, MCP step-up).
 * @param scopes all that the client should ask for: what it holds and what it needs
 * @param metadataUrl the server's protected-resource metadata (RFC 9728 §5.1)
 */
export function insufficientScopeChallenge(scopes: readonly string[], metadataUrl: string): string {
  return [
    'Bearer error="insufficient_scope"',
    `scope=${quoted(formatScope(scopes))}`,
    `resource_metadata=${quoted(metadataUrl)}`,
  ].join(', ')
}

/** RFC 9110 §5.6.4 quoted-string. What a header cannot carry is left out, so no value can end its string or its header. */
function quoted(value: string): string {
  return `"${value.replace(/[^\x20-\x7e]/g, '').replace(/["\\]/g, '\\$&')}"`
}
