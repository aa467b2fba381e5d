import { describe, expect, it } from 'vitest'
import { type Board, boardPage } from '../../../local/board/page.ts'
import { elementsOf, textOf } from '../../../local/journey/html.ts'
import type { McpClient } from '../../../model/mcp-client.ts'
import { findClient, MCP_CLIENTS } from '../../../model/mcp-clients.ts'

const ATTACK = `"><script>alert(1)</script><img src=x onerror='alert(1)'>`
const [FIRST] = MCP_CLIENTS as readonly [McpClient]

const BOARD: Board = {
  issuer: 'http://localhost:4100',
  servers: [
    { name: 'productivity', title: 'Productivity', url: 'http://localhost:4100/productivity/mcp', status: 'ok' },
    { name: 'devops', title: 'DevOps', url: 'http://localhost:4100/devops/mcp', status: 'down' },
  ],
  people: [{ name: 'Alice Archer', email: 'alice@example.com', emailVerified: true, note: 'allowed' }],
  logs: '.factory/logs',
  activities: [],
  client: FIRST,
}
/** Without the places where a long text may go on in another line. */
const show = (change: Partial<Board> = {}) => boardPage({ ...BOARD, ...change }).replaceAll('<wbr>', '')
const activity = {
  number: 7,
  at: 0,
  what: 'Call',
  outcome: 'ok',
  who: 'alice@example.com',
  clientName: 'Cursor',
} as const

describe('the board’s page', () => {
  it('shows servers with their status, sample people, and the first client', () => {
    const text = textOf(show())
    for (const shown of ['Productivity ok', 'DevOps down', 'Alice Archer alice@example.com allowed', 'Nothing yet'])
      expect(text).toContain(shown)
    expect(elementsOf(show()).map(({ text }) => text)).toContain(
      'claude mcp add --transport http devops http://localhost:4100/devops/mcp',
    )
  })

  it.each(MCP_CLIENTS)('shows how $id is connected with each server, to be copied or clicked', (client) => {
    const elements = elementsOf(show({ client }))
    const texts = elements.flatMap(({ text, attributes }) => [text, attributes.href])
    for (const server of BOARD.servers)
      for (const way of client.ways(server)) {
        const shown = way.kind === 'link' ? way.href : way.kind === 'clicks' ? way.url : way.text
        expect(texts).toContain(shown.includes('\n') ? shown.replace(/\s+/g, ' ') : shown)
      }
    const current = elements.filter(({ attributes }) => attributes['aria-current'] === 'page')
    expect(current.map(({ attributes }) => attributes.href)).toEqual([`/?client=${client.id}`])
  })

  it('says that a client in a cloud cannot reach this machine, but a tunnel to it', () => {
    const client = findClient('chatgpt') ?? FIRST
    expect(textOf(show({ client }))).toContain('--origin')
    const servers = [{ name: 'a', title: 'A', url: 'https://tunnel.example.com/a/mcp', status: 'ok' }] as const
    expect(textOf(show({ client, servers }))).not.toContain('--origin')
  })

  it('names the redirect URI where people sign in at Google', () => {
    expect(show({ people: undefined })).toContain('http://localhost:4100/callback')
  })

  it('shows what has happened, with its facts', () => {
    const text = textOf(show({ activities: [{ ...activity, server: 'devops', ability: 'x', milliseconds: 12 }] }))
    expect(text).toContain('Call x ok 12 ms alice@example.com · Cursor · devops')
  })

  it('a long URL goes on in the next line after what separates its parts', () => {
    const url = 'http://localhost/a/mcp?b=1'
    const html = boardPage({ ...BOARD, servers: [{ name: 'a', title: 'A', url, status: 'ok' }] })
    expect(html).toContain('<code>http://localhost/<wbr>a/<wbr>mcp?<wbr>b=<wbr>1</code>')
  })

  it('a client’s first request is no refusal: it is asked to sign in', () => {
    const html = show({ activities: [{ ...activity, what: 'At the gate', outcome: 'asked' }] })
    expect(html).toContain('<span class="badge asked">asked to sign in</span>')
  })

  it('what clients and people write of themselves stays text', () => {
    const html = show({
      activities: [{ ...activity, clientName: ATTACK, who: ATTACK, detail: ATTACK, ability: ATTACK }],
      people: [{ name: ATTACK, email: ATTACK, emailVerified: true, note: ATTACK }],
      servers: [{ name: 'a', title: ATTACK, url: 'http://localhost/a', status: 'unknown' }],
    })
    expect(html.match(/<script\b[^>]*>/g)).toEqual(['<script src="/-/board.js" defer>'])
    expect(html).not.toContain('<img')
  })

  it('loads again by itself only without script', () => {
    expect(show()).toMatch(/<noscript><meta http-equiv="refresh" content="\d+"><\/noscript>/)
    expect(show().match(/http-equiv/g)).toHaveLength(1)
  })
})
