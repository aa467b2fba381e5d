import { jsonFile, type McpClient } from './mcp-client.ts'

/** The day on which everything below was looked up. */
export const LOOKED_UP = '2026-11-22'

/** `npx -y` runs it unasked: the version that was tried, and no other. */
const MCP_REMOTE = 'mcp-remote@0.15.1'

/**
 * The MCP clients that people use, and how each is connected: the board, its page, `connect` and docs/clients.md are
 * made of this list. Text between backticks is code. What could not be verified says so.
 */
export const MCP_CLIENTS: readonly McpClient[] = [
  {
    id: 'claude-code',
    name: 'Claude Code',
    cloud: false,
    ways: ({ name, url }) => [
      { kind: 'command', text: `claude mcp add --transport http ${name} ${url}` },
      jsonFile([{ path: '.mcp.json', scope: 'this project' }], ['mcpServers', name], { type: 'http', url }),
    ],
    signIn: 'In a session: `/mcp`, choose the server, Authenticate. In a terminal: `claude mcp login <name>`.',
    tokens: 'macOS: the Keychain; elsewhere `~/.claude/.credentials.json`',
    redirectUris: ['http://localhost:<port>/callback'],
    quirks: [
      'A 401 on a signed-in server makes it refresh the token and try once more.',
      '`--callback-port` fixes the port of the redirect URI; no port needs to be registered here.',
      'Options come before the name: `claude mcp add --transport http --scope project <name> <url>`.',
    ],
    sources: [
      'https://code.claude.com/docs/en/mcp',
      'https://github.com/xsyetopz/claudetto/wiki/Claude-Code-MCP-Auth',
      'https://github.com/uwuclxdy/clauth/wiki/Security',
    ],
  },
  {
    id: 'claude',
    name: 'Claude (web, desktop, mobile)',
    cloud: true,
    ways: ({ url }) => [
      {
        kind: 'clicks',
        steps: ['Customize, Connectors, +, Add custom connector.', 'Paste the URL, Add.', 'Connect.'],
        url,
      },
    ],
    signIn: 'Connect opens the browser. On mobile, connectors that were added elsewhere can be used.',
    tokens: "in Anthropic's cloud, with the person's account",
    redirectUris: ['https://claude.ai/api/mcp/auth_callback', 'https://claude.com/api/mcp/auth_callback'],
    quirks: [
      "All requests come from Anthropic's addresses, those of Claude Desktop too.",
      'Claude Desktop does not connect to a remote server that stands in `claude_desktop_config.json`: for a URL of this machine use mcp-remote.',
      'Team and Enterprise: an owner adds the connector first. Free: one custom connector.',
      'A registration that is gone is made anew when the token endpoint answers 401 `invalid_client`.',
    ],
    sources: [
      'https://support.claude.com/en/articles/11503834-building-custom-integrations-via-remote-mcp-servers',
      'https://support.claude.com/en/articles/11175166-getting-started-with-custom-connectors-using-remote-mcp',
    ],
  },
  {
    id: 'cursor',
    name: 'Cursor',
    cloud: false,
    ways: ({ name, url }) => [
      {
        kind: 'link',
        label: `Add ${name} to Cursor`,
        href: `cursor://anysphere.cursor-deeplink/mcp/install?name=${encodeURIComponent(name)}&config=${encodeURIComponent(btoa(JSON.stringify({ url })))}`,
      },
      jsonFile(
        [
          { path: '.cursor/mcp.json', scope: 'this project' },
          { path: '~/.cursor/mcp.json', scope: 'all projects' },
        ],
        ['mcpServers', name],
        { url },
      ),
    ],
    signIn: 'Cursor Settings, Tools & MCP: the server shows "Needs login".',
    tokens: 'not verified',
    redirectUris: [
      'cursor://anysphere.cursor-mcp/oauth/callback',
      'https://www.cursor.com/agents/mcp/oauth/callback',
      'http://localhost:8787/callback',
    ],
    quirks: ['It registers all three redirect URIs at once; current desktop versions use the loopback one.'],
    sources: [
      'https://cursor.com/docs/mcp',
      'https://cursor.com/docs/mcp/install-links',
      'https://github.com/erp-mafia/accounted/pull/2225',
    ],
  },
  {
    id: 'windsurf',
    name: 'Windsurf (Devin Desktop)',
    cloud: false,
    ways: ({ name, url }) => [
      jsonFile(
        [
          { path: '~/.codeium/windsurf/mcp_config.json', scope: 'macOS, Linux' },
          { path: '%USERPROFILE%\\.codeium\\windsurf\\mcp_config.json', scope: 'Windows' },
        ],
        ['mcpServers', name],
        { serverUrl: url },
      ),
    ],
    signIn: 'Cascade, MCPs: the browser opens when the server is refreshed.',
    tokens: 'not verified',
    redirectUris: [],
    quirks: [
      'Its redirect URI is not documented and not verified; `windsurf:` and loopback URIs are accepted here.',
      'The key is `serverUrl`: an entry with `url` does not connect.',
      'The file is that of the Cascade agent, which uses at most 100 tools; the newer agent takes `devin mcp add <name> <url>`.',
    ],
    sources: ['https://docs.devin.ai/desktop/cascade/mcp', 'https://docs.devin.ai/cli/extensibility/mcp/configuration'],
  },
  {
    id: 'vscode',
    name: 'VS Code',
    cloud: false,
    ways: ({ name, url }) => {
      const entry = { type: 'http', url }
      return [
        {
          kind: 'link',
          label: `Add ${name} to VS Code`,
          href: `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name, ...entry }))}`,
        },
        { kind: 'command', text: `code --add-mcp ${JSON.stringify(JSON.stringify({ name, ...entry }))}` },
        jsonFile([{ path: '.vscode/mcp.json', scope: 'this project' }], ['servers', name], entry),
      ]
    },
    signIn: 'MCP: List Servers, the server, Start; VS Code asks before it opens the browser.',
    tokens: "VS Code's secret storage",
    redirectUris: [
      'https://vscode.dev/redirect',
      'https://insiders.vscode.dev/redirect',
      'http://127.0.0.1/',
      'http://127.0.0.1:33418/',
      'http://127.0.0.1:<port>/',
      'http://127.0.0.1:<port>',
    ],
    quirks: [
      'The file has `servers` where others have `mcpServers`, and every remote entry has a `type`.',
      'A loopback redirect URI may come with a slash or without.',
    ],
    sources: [
      'https://code.visualstudio.com/docs/agent-customization/mcp-servers',
      'https://code.visualstudio.com/api/extension-guides/ai/mcp',
      'https://github.com/microsoft/vscode (dynamicAuthenticationProviderStorageService.ts)',
    ],
  },
  {
    id: 'chatgpt',
    name: 'ChatGPT',
    cloud: true,
    ways: ({ url }) => [
      {
        kind: 'clicks',
        steps: [
          'Settings, Apps, Advanced settings: Developer mode on.',
          'Settings, Apps, Create app: a name, the URL, Authentication: OAuth.',
          'Create.',
        ],
        url,
      },
    ],
    signIn: 'Create opens the browser.',
    tokens: "in OpenAI's cloud, with the person's account",
    redirectUris: ['https://chatgpt.com/connector/oauth/<id>', 'https://chatgpt.com/connector_platform_oauth_redirect'],
    quirks: [
      'Developer mode depends on the plan, and an administrator may have to allow it.',
      'Earlier versions say Connectors where this says Apps.',
      'Its client metadata document is one per app: `https://chatgpt.com/oauth/<id>/client.json`.',
    ],
    sources: [
      'https://developers.openai.com/apps-sdk/',
      'https://developer.salesforce.com/docs/platform/hosted-mcp-servers/guide/chatgpt.html',
      'https://zuplo.com/docs/mcp-gateway/connect-clients/chatgpt',
    ],
  },
  {
    id: 'codex',
    name: 'Codex',
    cloud: false,
    ways: ({ name, url }) => [
      { kind: 'command', text: `codex mcp add ${name} --url ${url}` },
      {
        kind: 'file',
        format: 'toml',
        files: [
          { path: '~/.codex/config.toml', scope: 'all projects' },
          { path: '.codex/config.toml', scope: 'this project, where Codex trusts it' },
        ],
        writable: true,
        keys: ['mcp_servers', name],
        text: `[mcp_servers.${name}]\nurl = ${JSON.stringify(url)}`,
      },
    ],
    signIn: '`codex mcp login <name>`',
    tokens: 'the keyring of the system where there is one, else `~/.codex/.credentials.json`',
    redirectUris: ['http://127.0.0.1:<port>/callback', 'http://127.0.0.1:<port>/callback/<id>'],
    quirks: [
      'It appends an identifier, made from the server URL, to the redirect URI, to a configured one too (openai/codex#30460).',
      'Command line, IDE extension and ChatGPT desktop read the same file.',
    ],
    sources: ['https://learn.chatgpt.com/docs/extend/mcp', 'https://github.com/openai/codex/issues/30460'],
  },
  {
    id: 'inspector',
    name: 'MCP Inspector',
    cloud: false,
    ways: ({ url }) => [
      { kind: 'command', text: `npx @modelcontextprotocol/inspector --server-url ${url} --transport http` },
      {
        kind: 'command',
        text: `npx @modelcontextprotocol/inspector --cli ${url} --transport http --method tools/list`,
      },
    ],
    signIn: 'Connect opens the browser; the command line prints the address.',
    tokens:
      "the system's keychain, without one `~/.mcp-inspector/secrets.json` or memory alone; for web, terminal and command line alike",
    redirectUris: ['http://localhost:6274/oauth/callback', 'http://127.0.0.1:6276/oauth/callback'],
    quirks: [
      'Version 2 wants Node 22.19 or later.',
      'The web client redirects to port 6274, terminal and command line to 6276.',
      'Outside a terminal (CI) the command line opens the browser only with `MCP_AUTO_OPEN_ENABLED=true`.',
      'Where it says that secrets are kept in memory, each command signs in anew: `MCP_INSPECTOR_SECRET_STORE=file` keeps them.',
    ],
    sources: [
      'https://github.com/modelcontextprotocol/inspector (README, clients/cli, clients/tui; 2.12.0, which was run)',
    ],
  },
  {
    id: 'mcp-remote',
    name: 'mcp-remote, for clients that only speak stdio',
    cloud: false,
    ways: ({ name, url }) => [
      jsonFile(
        [
          { path: '~/Library/Application Support/Claude/claude_desktop_config.json', scope: 'Claude Desktop, macOS' },
          { path: '%APPDATA%\\Claude\\claude_desktop_config.json', scope: 'Claude Desktop, Windows' },
        ],
        ['mcpServers', name],
        { command: 'npx', args: ['-y', MCP_REMOTE, url] },
        false,
      ),
      { kind: 'command', text: `npx -y -p ${MCP_REMOTE} mcp-remote-client ${url}` },
    ],
    signIn: 'The browser opens when the client starts the server. Restart the client after a change of its file.',
    tokens: '`~/.mcp-auth` (`MCP_REMOTE_CONFIG_DIR`)',
    redirectUris: ['http://localhost:<port>/oauth/callback'],
    quirks: [
      'Plain http is for localhost and 127.0.0.1 only, without `--allow-http`.',
      'Removing `~/.mcp-auth` signs it out of everything, and cures most of its troubles.',
      'It waits 30 seconds for the sign-in; `--auth-timeout <seconds>` gives more.',
    ],
    sources: ['https://github.com/punkpeye/mcp-remote (README; 0.15.1, which was run)'],
  },
  {
    id: 'mcporter',
    name: 'mcporter',
    cloud: false,
    ways: ({ name, url }) => [
      { kind: 'command', text: `npx mcporter config add ${name} ${url}` },
      jsonFile(
        [
          { path: 'config/mcporter.json', scope: 'this project' },
          { path: '~/.mcporter/mcporter.json', scope: 'all projects' },
        ],
        ['mcpServers', name],
        { baseUrl: url },
      ),
    ],
    signIn: '`npx mcporter auth <name>`, then `npx mcporter list <name>`',
    tokens: '`~/.mcporter/credentials.json`, or `$XDG_DATA_HOME/mcporter/credentials.json`',
    redirectUris: ['http://127.0.0.1:<port>/callback'],
    quirks: [
      'A plain http URL given on the command line, not by a file, wants `--allow-http`.',
      'It also reads the servers of Cursor, Claude, Codex, Windsurf, OpenCode and VS Code.',
    ],
    sources: [
      'https://github.com/openclaw/mcporter (docs/config.md, docs/adhoc.md, src/oauth.ts; 0.12.3, which was run)',
    ],
  },
  {
    id: 'opencode',
    name: 'OpenCode',
    cloud: false,
    ways: ({ url }) => [
      { kind: 'clicks', steps: ['In a terminal: `opencode mcp add`.', 'A name, remote, the URL.'], url },
    ],
    signIn: '`opencode mcp auth <name>`',
    tokens: 'not verified',
    redirectUris: ['http://127.0.0.1:19876/mcp/oauth/callback'],
    quirks: [
      '`opencode.json` has `mcp.<name>` in version 1 and `mcp.servers.<name>` in version 2; the command knows which.',
    ],
    sources: ['https://opencode.ai/docs/mcp-servers', 'https://www.developersdigest.tech/mcp-servers/clients/opencode'],
  },
  {
    id: 'sdk',
    name: 'A program of your own, with an SDK',
    cloud: false,
    ways: ({ url }) => [
      {
        kind: 'code',
        language: 'TypeScript',
        text: `import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

const client = new Client({ name: 'my-program', version: '1.0.0' })
await client.connect(
  new StreamableHTTPClientTransport(new URL('${url}'), {
    authProvider: { token: async () => process.env.MCP_TOKEN },
  }),
)
const { tools } = await client.listTools()
console.log(tools.map(({ name }) => name))
await client.close()`,
      },
      {
        kind: 'code',
        language: 'Python',
        text: `import asyncio, os
import httpx2
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

async def main():
    headers = {"Authorization": f"Bearer {os.environ['MCP_TOKEN']}"}
    async with httpx2.AsyncClient(headers=headers) as http:
        async with streamable_http_client("${url}", http_client=http) as (read, write):
            async with ClientSession(read, write) as session:
                await session.initialize()
                print([tool.name for tool in (await session.list_tools()).tools])

asyncio.run(main())`,
      },
    ],
    signIn:
      'A program that signs people in passes an `OAuthClientProvider` of its own instead of a token: it keeps tokens and opens the browser.',
    tokens: "wherever the program's `OAuthClientProvider` keeps them",
    redirectUris: ['http://localhost:<port>/callback', 'http://127.0.0.1:<port>/callback'],
    quirks: [
      'TypeScript: version 2 (`@modelcontextprotocol/client`). Version 1 (`@modelcontextprotocol/sdk`) works as well, but handles a missing scope badly (typescript-sdk#2255).',
      'Python: version 2, whose HTTP client is `httpx2`; this snippet was read, not run.',
    ],
    sources: [
      'https://github.com/modelcontextprotocol/typescript-sdk',
      'https://github.com/modelcontextprotocol/python-sdk (examples/snippets/clients/oauth_client.py)',
    ],
  },
]

export function findClient(id: string): McpClient | undefined {
  return MCP_CLIENTS.find((client) => client.id === id)
}
