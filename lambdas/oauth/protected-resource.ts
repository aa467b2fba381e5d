import type { ServerDocument } from '../../model/documents.ts'
import { insertedMetadataUrl } from '../../model/resource-urls.ts'

/**
 * The server whose path-inserted metadata (RFC 9728 §3.1) is asked for: one whose resource lies at this origin, so that
 * the metadata is where the resource's owner is.
 */
export function serverOfMetadataPath(
  path: string,
  servers: readonly ServerDocument[],
  issuer: string,
): ServerDocument | undefined {
  const url = new URL(issuer).origin + path
  // A public server has no scopes, and no authorization server.
  return servers.find(({ resource, scopes }) => scopes.length > 0 && insertedMetadataUrl(resource) === url)
}
