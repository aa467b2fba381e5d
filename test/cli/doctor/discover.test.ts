import { describe, expect, it } from 'vitest'
import { discover } from '../../../cli/doctor/discover.ts'
import type { Ask } from '../../../cli/doctor/exchange.ts'
import { answer, ISSUER, refused, SERVER_METADATA } from './healthy-evidence.ts'

/** Answers by URL, 404 to the rest; and what was asked. */
function asked(json: Readonly<Record<string, unknown>>, issuer = ISSUER) {
  const urls: string[] = []
  const ask: Ask = async (url) => {
    urls.push(url)
    if (Object.hasOwn(json, url)) return answer({ json: json[url] })
    return url.endsWith('/mcp') ? refused() : answer({ status: 404 })
  }
  const metadata = { [`${issuer}/.well-known/oauth-authorization-server`]: SERVER_METADATA }
  Object.assign(json, metadata)
  return { ask, urls }
}

const listing = (resource: string) => ({ servers: [{ name: 'one', title: 'One', resource, status: 'ok' }] })

describe('what is asked is chosen by whoever answers, so', () => {
  it.each([
    'http://localhost:9200/index/mcp',
    'http://10.0.0.1/one/mcp',
    'https://127.0.0.1/mcp',
  ])('a factory elsewhere that lists %s ends it: nobody DELETEs there', async (resource) => {
    const { ask, urls } = asked({ [`${ISSUER}/servers`]: listing(resource) })
    await expect(discover(ISSUER, ask)).rejects.toThrow(`${ISSUER} lists ${resource}; allowed: https URLs`)
    expect(urls.filter((url) => !url.startsWith(ISSUER))).toEqual([])
  })

  it.each([
    'https://other.example.com/index',
    'https://other.example.com/mcp?x=/mcp',
    'ftp://other.example.com/mcp',
  ])('a list with %s, which is no MCP server, is none', async (resource) => {
    const { ask } = asked({ [`${ISSUER}/servers`]: listing(resource) })
    await expect(discover(ISSUER, ask)).rejects.toThrow('is no factory')
  })

  it('a server elsewhere cannot name the factory of this machine as its own, nor what else runs here', async () => {
    const local = 'http://localhost:4100'
    const document = { authorization_servers: [local] }
    const { ask, urls } = asked({ [`${ISSUER}/one/.well-known/oauth-protected-resource`]: document }, local)
    await expect(discover(`${ISSUER}/one/mcp`, ask)).rejects.toThrow('is no factory')
    expect(urls.filter((url) => url.includes('localhost'))).toEqual([])
  })

  it('a list without end is examined in part; the server that was asked for is in that part', async () => {
    const named = (count: number) => `${ISSUER}/s${count}/mcp`
    const servers = Array.from({ length: 120 }, (_, count) => ({ ...listing(named(count)).servers[0] }))
    const { ask } = asked({ [`${ISSUER}/servers`]: { servers } })
    const found = await discover(named(119), ask)
    expect(found.servers).toHaveLength(100)
    expect(found.servers[0]?.resource).toBe(named(119))
    expect(found.unexamined).toBe(20)
  })

  it('a factory on this machine may list what is on it', async () => {
    const local = 'http://localhost:4100'
    const { ask } = asked({ [`${local}/servers`]: listing('http://localhost:4101/v1/mcp') }, local)
    expect(await discover(local, ask)).toEqual({
      issuer: local,
      servers: [{ resource: 'http://localhost:4101/v1/mcp', listedAs: 'ok' }],
    })
  })
})

describe('the factory that runs here is named', () => {
  const local = 'http://localhost:4101'

  it.each([
    ['the board of one without a domain', answer({ status: 404, headers: { 'content-type': 'text/plain' } })],
    ['a port where nothing answers', answer({ status: 0, failure: 'ECONNREFUSED' })],
  ])('instead of %s', async (_name, first) => {
    await expect(discover('http://localhost:4100', async () => first, local)).rejects.toThrow(
      `The factory that runs here is ${local}: give that.`,
    )
  })

  it('and not to somebody who asked for another machine’s', async () => {
    const nothing: Ask = async () => answer({ status: 404 })
    await expect(discover('https://mcp.example.com', nothing, local)).rejects.not.toThrow(local)
  })
})
