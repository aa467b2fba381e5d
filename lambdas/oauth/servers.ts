import type { ServerDocument } from '../../model/documents.ts'

/** What anybody may know of the registered servers: where they are and what they are called. */
export function serverList(servers: readonly ServerDocument[]) {
  return { servers: servers.map(({ name, title, resource }) => ({ name, title, resource })) }
}
