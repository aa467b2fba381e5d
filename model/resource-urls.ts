/** The one path of an MCP server below its API. */
export const MCP_PATH = '/mcp'
export const PROTECTED_RESOURCE_METADATA = '/.well-known/oauth-protected-resource'
/** Where a server says whether it serves; nobody needs a token for it. */
export const HEALTH_PATH = '/health'

/**
 * Normalises a resource identifier for comparison (AS-08): scheme and host in lower case, default port removed, one
 * trailing slash removed, nothing else.
 * @returns undefined for what RFC 8707 §2 forbids: relative, with a fragment; and for userinfo and other schemes
 */
export function normalizeResource(value: string): string | undefined {
  if (!/^https?:\/\//i.test(value) || value.includes('#') || /[\s\\]/.test(value)) return undefined
  const authorityEnd = value.slice(value.indexOf('//') + 2).search(/[/?]/)
  const split = authorityEnd === -1 ? value.length : value.indexOf('//') + 2 + authorityEnd
  const origin = value.slice(0, split)
  if (origin.includes('@') || !URL.canParse(origin)) return undefined
  const rest = value.slice(split)
  return new URL(origin).origin + (rest.endsWith('/') ? rest.slice(0, -1) : rest)
}

/** @param resource a server's resource URL, which ends in {@link MCP_PATH} */
export function healthUrl(resource: string): string {
  return resource.slice(0, -MCP_PATH.length) + HEALTH_PATH
}

/**
 * The path-inserted metadata URL of RFC 9728 §3.1.
 * @param resource a normalised resource URL without query
 */
export function insertedMetadataUrl(resource: string): string {
  const { origin, pathname } = new URL(resource)
  return `${origin}${PROTECTED_RESOURCE_METADATA}${pathname}`
}
