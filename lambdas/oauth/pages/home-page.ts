import type { ServerDocument } from '../../../model/documents.ts'
import { ENDPOINTS } from '../../../model/endpoints.ts'
import { markup } from '../../../model/markup.ts'
import { page } from './layout.ts'

/** For a person who opens the authorization server's own address. */
export function homePage(organisation: string, servers: readonly ServerDocument[]): string {
  return page(
    `MCP servers of ${organisation}`,
    markup`<p>Add one of these addresses to an MCP client. It opens this site for you to sign in and to allow access.</p>
<dl>
${servers.map(({ title, resource }) => markup`<dt>${title}</dt><dd><code>${resource}</code></dd>\n`)}</dl>
<p><a href="${ENDPOINTS.account}">Your account</a>: what you have allowed, and where you are signed in.</p>`,
  )
}
