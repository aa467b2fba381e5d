import { type McpClient, type Way, wayText, wayTitle } from '../../model/mcp-client.ts'
import { LOOKED_UP, MCP_CLIENTS } from '../../model/mcp-clients.ts'
import type { Made } from './generators.ts'

const SERVER = { name: 'productivity', url: 'https://mcp.example.com/productivity/mcp' }

const INTRODUCTION = `# Connecting clients

Made from \`model/mcp-clients.ts\`; looked up ${LOOKED_UP}. What could not be verified says so.

Every client takes the URL of a server and finds the rest by itself: it is refused, reads the metadata, registers, and opens the browser for the person to sign in and allow access. The examples are for the server \`${SERVER.name}\` at \`${SERVER.url}\`. With the URLs of your own factory, deployed or running here, the same is printed by

\`\`\`sh
npm run factory -- connect --list
npm run factory -- connect cursor productivity
npm run factory -- connect cursor productivity --write
npm run factory -- connect cursor productivity --url https://mcp.example.com
\`\`\`

and shown by the page that \`npm start\` serves at \`http://localhost:4100/\`.

A client that runs in a cloud does not reach \`localhost\`: \`npm start -- --origin https://…\` announces the address of a tunnel to this machine.
`

/** docs/clients.md: path from the project's root -> text. */
export async function make(): Promise<Made> {
  const table = [
    '| client | runs | tokens are kept in |',
    '| --- | --- | --- |',
    ...MCP_CLIENTS.map(
      ({ name, cloud, tokens }) =>
        `| [${name}](#${anchor(name)}) | ${cloud ? 'in a cloud' : 'on this machine'} | ${tokens} |`,
    ),
  ].join('\n')
  return { 'docs/clients.md': `${[INTRODUCTION, table, ...MCP_CLIENTS.map(section)].join('\n')}\n` }
}

function section(client: McpClient): string {
  const { name, signIn, redirectUris, quirks, sources } = client
  return `
## ${name}

${client.ways(SERVER).map(showWay).join('\n\n')}

Then: ${signIn}

${redirectUris.length > 0 ? `Redirect URIs: ${redirectUris.map((uri) => `\`${uri}\``).join(', ')}` : 'Redirect URIs: not verified'}

${quirks.map((quirk) => `- ${quirk}`).join('\n')}

Looked up at ${sources.map(link).join(', ')}.`
}

function showWay(way: Way): string {
  if (way.kind === 'link') return `With a link: \`${way.href}\``
  const title =
    way.kind === 'file'
      ? `In ${way.files.map(({ path, scope }) => `\`${path}\` (${scope})`).join(' or ')}:`
      : `${wayTitle(way)}:`
  if (way.kind === 'clicks') return [title, '', ...way.steps.map((step, at) => `${at + 1}. ${step}`)].join('\n')
  return `${title}\n\n\`\`\`${languageOf(way)}\n${wayText(way)}\n\`\`\``
}

function languageOf(way: Way): string {
  if (way.kind === 'file') return way.format
  if (way.kind === 'code') return way.language.toLowerCase()
  return 'sh'
}

/** A URL, and what is said of it behind. */
function link(source: string): string {
  const [url = '', ...rest] = source.split(' ')
  return [`<${url}>`, ...rest].join(' ')
}

/** As GitHub makes anchors of headings. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-')
}
