import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { RunningFactory } from '../../../local/factory.ts'
import { Browser } from '../../../local/journey/browser.ts'
import { connect } from '../../../local/journey/mcp-client.ts'
import { MemoryOAuthClient } from '../../../local/journey/oauth-client.ts'
import { goThrough } from '../../../local/journey/person.ts'
import type { Calls, Deed } from './counted-calls.ts'

const READS = ['GetItem', 'BatchGetItem', 'Query']

/**
 * Does in a running factory what people and their clients do, and counts what AWS would bill: the runner's endpoints
 * are in this process, and Node tells of every request that begins.
 */
export async function countCalls(factory: RunningFactory, email: string): Promise<Readonly<Record<Deed, Calls>>> {
  const server = factory.servers.find(({ name }) => name === 'productivity')
  if (server === undefined) throw new Error('the config has no server productivity')
  const redirectUrl = 'http://127.0.0.1:9/callback'
  const open = (name: string) => {
    const browser = new Browser({ stopAt: (url) => url.href.startsWith(redirectUrl) })
    const oauth = new MemoryOAuthClient({ name, redirectUrl })
    const client = () =>
      connect({
        server: new URL(server.url),
        oauth,
        authorize: async (url) => (await goThrough(browser, url, { email })).url,
      })
    return { oauth, client }
  }

  const listEvents = (client: Awaited<ReturnType<typeof connect>>) =>
    client.callTool({
      name: 'list_events',
      arguments: { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' },
    })

  // What an instance keeps, for seconds or as long as it lives, is read before anything is counted.
  const first = await open('first').client()
  await listEvents(first)
  const { oauth, client } = open('second')
  let second = first
  const connection = await counted(factory, async () => {
    second = await client()
  })
  const call = await counted(factory, async () => {
    await listEvents(second)
  })
  const refresh = await counted(factory, async () => {
    const response = await fetch(`${factory.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: oauth.issued?.refresh_token ?? '',
        client_id: oauth.registration?.client_id ?? '',
        resource: server.url,
      }),
    })
    if (!response.ok) throw new Error(`refresh: ${response.status} ${await response.text()}`)
  })
  await Promise.all([first.close(), second.close()])
  return { connection, call, refresh }
}

async function counted(factory: RunningFactory, act: () => Promise<void>): Promise<Calls> {
  const calls = { httpApi: 0, restApi: 0, gate: 0, skillset: 0, oauth: 0, reads: 0, writes: 0, secretReads: 0 }
  const servers = factory.servers.map(({ url }) => new URL(url).pathname.replace(/mcp$/, ''))
  const { host } = new URL(factory.issuer)
  const count = (message: unknown) => {
    const { headers, url = '', method } = (message as { request: IncomingMessage }).request
    const [service, operation] = String(headers['x-amz-target'] ?? '').split('.')
    if (service?.startsWith('DynamoDB')) calls[READS.includes(operation ?? '') ? 'reads' : 'writes'] += 1
    else if (service === 'secretsmanager') calls.secretReads += 1
    else if (headers.host !== host) return
    else if (servers.some((path) => url.startsWith(path))) {
      calls.restApi += 1
      if (!/\/mcp$/.test(url) || method === 'OPTIONS') return
      calls.gate += 1
      if (method === 'POST' && headers.authorization !== undefined) calls.skillset += 1
    } else {
      calls.httpApi += 1
      calls.oauth += 1
    }
  }
  subscribe('http.server.request.start', count)
  try {
    await act()
  } finally {
    unsubscribe('http.server.request.start', count)
  }
  return calls
}
