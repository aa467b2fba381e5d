import * as z from 'zod'
import { SERVER_NAME } from './names.ts'

/**
 * A server's URL as a factory makes it, and nothing else: people paste it into a shell, a program or a client's file, and
 * whoever answers at an issuer chooses it.
 */
const RESOURCE = /^https?:\/\/[\w.:[\]-]+(?:\/[\w-]+)*\/mcp$/

/** What `GET /servers` says: where servers are, what they are called, whether they serve. */
export const serverList = z.object({
  servers: z.array(
    z.object({
      name: z.string().regex(SERVER_NAME),
      title: z.string().regex(/^\P{Cc}*$/u),
      resource: z.string().regex(RESOURCE).refine(URL.canParse),
      status: z.enum(['ok', 'down', 'unknown']).catch('unknown'),
    }),
  ),
})
/** `resource` is the URL that MCP clients connect to. */
export type ListedServer = z.infer<typeof serverList>['servers'][number]
