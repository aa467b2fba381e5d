import { type Markup, markup } from '../../model/markup.ts'
import { type McpClient, reaches, type ServerAddress, type Way, wayText, wayTitle } from '../../model/mcp-client.ts'
import { MCP_CLIENTS } from '../../model/mcp-clients.ts'
import { withBreaks } from './with-breaks.ts'

/**
 * How to connect one client with each server. The others are links, not hidden parts: the choice is in the address and
 * outlives a reload.
 */
export function connectSection(client: McpClient, servers: readonly ServerAddress[]): Markup {
  return markup`<section id="connect" aria-labelledby="connect-heading">
<h2 id="connect-heading">Connect a client</h2>
<nav aria-label="MCP clients"><ul>
${MCP_CLIENTS.map(({ id, name }) => markup`<li><a href="/?client=${id}"${id === client.id && markup` aria-current="page"`}>${shortName(name)}</a></li>\n`)}</ul></nav>
${servers.map((server) => connectServer(client, server))}
<dl class="facts">
<dt>Then</dt><dd>${withCode(client.signIn)}</dd>
<dt>Tokens are kept in</dt><dd>${withCode(client.tokens)}</dd>
<dt>Good to know</dt><dd><ul class="notes">${client.quirks.map((quirk) => markup`<li>${withCode(quirk)}</li>`)}</ul></dd>
</dl>
</section>
`
}

function connectServer(client: McpClient, server: ServerAddress): Markup {
  return markup`<h3>${client.name}: ${server.name}</h3>
${!reaches(client, server.url) && markup`<p class="refused">It runs in a cloud, which cannot reach this machine: start the factory with <code>npm start -- --origin https://…</code>, the address of a tunnel.</p>`}
${client.ways(server).map((way, index) => showWay(way, server, index === 0))}`
}

/** The first way is shown; another can be opened, or the page would be long. */
function showWay(way: Way, server: ServerAddress, first: boolean): Markup {
  if (way.kind === 'link') return markup`<p><a class="button primary" href="${way.href}">${way.label}</a></p>`
  const title = wayTitle(way)
  const steps =
    way.kind === 'clicks' &&
    markup`<ol class="steps">${way.steps.map((step) => markup`<li>${withCode(step)}</li>`)}</ol>`
  const content = markup`${steps}${copyField(wayText(way), `${title}: ${server.name}`)}`
  return first
    ? markup`<p class="quiet">${title}</p>${content}`
    : markup`<details><summary>${title}</summary>${content}</details>`
}

/** Something to copy: by selecting it, or with the button that the script adds. */
export function copyField(text: string, label: string): Markup {
  return text.includes('\n')
    ? markup`<div class="copy" data-label="${label}"><pre tabindex="0" role="region" aria-label="${label}">${text}</pre></div>`
    : markup`<div class="copy" data-label="${label}"><code>${withBreaks(text)}</code></div>`
}

/** What stands between backticks is code. */
function withCode(text: string): Markup {
  return markup`${text.split('`').map((part, at) => (at % 2 === 0 ? markup`${part}` : markup`<code>${part}</code>`))}`
}

/** Without what explains a name, for a row of names. */
function shortName(name: string): string {
  return name.replace(/[,(].*/, '').trim()
}
