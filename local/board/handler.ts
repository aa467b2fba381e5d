import { readFileSync } from 'node:fs'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { ENDPOINTS } from '../../model/endpoints.ts'
import type { McpClient } from '../../model/mcp-client.ts'
import { findClient, MCP_CLIENTS } from '../../model/mcp-clients.ts'
import { serverList } from '../../model/server-list.ts'
import type { RunningFactory } from '../factory.ts'
import { ActivityFeed } from './activity-feed.ts'
import { activityItems } from './activity-list.ts'
import { LogTail } from './log-tail.ts'
import { type BoardServer, boardPage } from './page.ts'
import { STYLE_HASH } from './style.ts'

const SCRIPT = readFileSync(join(import.meta.dirname, 'board.js'))

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src ${STYLE_HASH}; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** Milliseconds between two looks at the logs while somebody watches. */
const LOOK = 300
/** Milliseconds that the authorization server has to say how its servers are. */
const PATIENCE = 5000

/** What the board shows of a factory. */
export type Shown = Pick<RunningFactory, 'issuer' | 'servers' | 'signIn' | 'logs'>

/**
 * Serves the board at `/` and what belongs to it below `/-/`. Who may see it is the front's business.
 * @param authorizationServer its origin as this machine reaches it, not by way of a tunnel
 */
export function boardHandler(factory: Shown, authorizationServer: string): RequestListener {
  const feed = new ActivityFeed(new LogTail(factory.logs))
  return (request, response) => {
    const [path, query] = (request.url ?? '/').split('?', 2)
    const parameters = new URLSearchParams(query)
    if (request.method !== 'GET') answer(response, 405, 'text/plain', 'Only GET is served here.\n')
    else if (path === '/') void page(factory, authorizationServer, feed, clientOf(parameters), response)
    else if (path === '/-/board.js') answer(response, 200, 'text/javascript', SCRIPT)
    else if (path === '/-/activity') stream(feed, afterOf(request, parameters), response)
    else answer(response, 404, 'text/plain', 'Nothing is served here.\n')
  }
}

async function page(
  factory: Shown,
  authorizationServer: string,
  feed: ActivityFeed,
  client: McpClient | undefined,
  response: ServerResponse,
): Promise<void> {
  const { issuer, logs, signIn } = factory
  if (client === undefined) return answer(response, 404, 'text/plain', 'There is no such client.\n')
  const servers = await serversOf(factory, authorizationServer)
  const activities = feed.latest()
  const html = boardPage({ issuer, servers, people: signIn?.people, logs, activities, client })
  answer(response, 200, 'text/html', html)
}

/** The servers in the order of the config, and how they are, as the authorization server says. */
async function serversOf({ servers }: Shown, authorizationServer: string): Promise<readonly BoardServer[]> {
  try {
    const response = await fetch(authorizationServer + ENDPOINTS.servers, { signal: AbortSignal.timeout(PATIENCE) })
    const list = serverList.parse(await response.json())
    const said = new Map(list.servers.map((server) => [server.name, server]))
    return servers.map(({ name, url }) => {
      const { title = name, status = 'unknown' } = said.get(name) ?? {}
      return { name, url, title, status }
    })
  } catch {
    return servers.map((server) => ({ ...server, title: server.name, status: 'unknown' }))
  }
}

/** Server-sent events: what is new, as markup of the list. */
function stream(feed: ActivityFeed, after: number, response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream; charset=utf-8' }).flushHeaders()
  let sent = after
  const look = setInterval(() => {
    const added = feed.latest().filter(({ number }) => number > sent)
    const [newest] = added
    if (newest === undefined) return
    sent = newest.number
    response.write(`id: ${sent}\ndata: ${JSON.stringify(activityItems(added).text)}\n\n`)
  }, LOOK)
  response.on('close', () => clearInterval(look))
}

function clientOf(query: URLSearchParams): McpClient | undefined {
  const wanted = query.get('client')
  return wanted === null ? MCP_CLIENTS[0] : findClient(wanted)
}

function afterOf({ headers }: IncomingMessage, query: URLSearchParams): number {
  return Number(headers['last-event-id'] ?? query.get('after')) || 0
}

function answer(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': `${type}; charset=utf-8` }).end(body)
}
