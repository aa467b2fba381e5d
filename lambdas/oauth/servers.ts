import { healthUrl } from '../../model/resource-urls.ts'
import type { AuthorizationServer } from './authorization-server.ts'

/** What anybody may know of the registered servers: where they are, what they are called, whether they serve. */
export async function serverList({ store, isUp }: Pick<AuthorizationServer, 'store' | 'isUp'>) {
  const { servers } = await store.factory()
  const listed = servers.map(async ({ name, title, resource }) => {
    const up = await isUp(healthUrl(resource))
    return { name, title, resource, status: up === undefined ? 'unknown' : up ? 'ok' : 'down' }
  })
  return { servers: await Promise.all(listed) }
}
