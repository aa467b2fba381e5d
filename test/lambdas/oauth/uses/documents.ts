import { ENDPOINTS } from '../../../../model/endpoints.ts'
import { type Dependency, type EndpointUse, isOk } from './endpoint-use.ts'

const documentAt = (path: string, needs: readonly Dependency[]): EndpointUse => ({
  name: `GET ${path}`,
  errors: path === '/' ? 'page' : 'json',
  needs,
  prepare: async () => ({ request: { path }, done: isOk }),
})

/** What anybody may read. */
export const DOCUMENT_USES: readonly EndpointUse[] = [
  documentAt('/', ['table']),
  documentAt(ENDPOINTS.authorizationServerMetadata, []),
  documentAt(ENDPOINTS.openidConfiguration, []),
  documentAt(`${ENDPOINTS.protectedResourceMetadata}/productivity/mcp`, ['table']),
  documentAt(ENDPOINTS.jwks, ['table']),
  documentAt(ENDPOINTS.servers, ['table']),
]
