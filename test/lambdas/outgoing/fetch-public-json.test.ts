import { setDefaultCACertificates } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FetchPublicJson, publicJsonFetcher } from '../../../lambdas/outgoing/fetch-public-json.ts'
import { OutgoingFailed } from '../../../lambdas/outgoing/outgoing-failed.ts'
import { type PretendedInternet, pretendInternet } from '../../support/pretended-internet.ts'
import { type PublicHost, startPublicHost } from '../../support/public-host.ts'

const NAME = 'client.example.com'
const URL = `https://${NAME}/client.json`
const ADDRESS = '93.184.216.34'

let host: PublicHost
let other: PublicHost
let expired: PublicHost
let internet: PretendedInternet
let fetchJson: FetchPublicJson

beforeAll(async () => {
  host = await startPublicHost(NAME)
  other = await startPublicHost('other.example.com')
  expired = await startPublicHost(NAME, new Date('2020-01-01'))
  internet = pretendInternet({ names: {}, hosts: {} })
  setDefaultCACertificates([host.certificate, other.certificate, expired.certificate])
})
afterAll(() => Promise.all([host.close(), other.close(), expired.close()]))

beforeEach(() => {
  internet.names[NAME] = [ADDRESS]
  internet.hosts[ADDRESS] = host.port
  internet.lookups.length = 0
  internet.connections.length = 0
  host.requests.length = 0
  host.serve({ '/client.json': { hello: 'world' } }, { 'Cache-Control': 'max-age=60' })
  fetchJson = publicJsonFetcher(Date.now)
})

/** Why it failed. */
async function failure(reading: Promise<unknown>): Promise<string | undefined> {
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof OutgoingFailed ? error.code : `no OutgoingFailed: ${error}`
}

describe('AS-10: a document of a public host', () => {
  it('is read, with how long it is fresh', async () => {
    expect(await fetchJson(URL)).toEqual({ json: { hello: 'world' }, freshFor: 60 })
  })

  it('nothing of ours is sent', async () => {
    await fetchJson(URL)
    expect(host.requests.map(({ method, url, headers }) => ({ method, url, headers }))).toEqual([
      {
        method: 'GET',
        url: '/client.json',
        headers: { host: NAME, accept: 'application/json', 'accept-encoding': 'identity', connection: 'close' },
      },
    ])
  })

  it.each([
    'application/json; charset=utf-8',
    'application/oauth-client+json',
    'APPLICATION/JSON',
  ])('may be %s', async (type) => {
    host.serve({ '/client.json': {} }, { 'Content-Type': type })
    expect((await fetchJson(URL)).json).toEqual({})
  })

  it('may have exactly 5 KB', async () => {
    host.answer = (_, response) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(`"${'x'.repeat(5118)}"`)
    expect((await fetchJson(URL)).json).toHaveLength(5118)
  })
})

describe('AS-10: where a name leads', () => {
  it.each([
    ['loopback', ['127.0.0.1']],
    ['the metadata service', ['169.254.169.254']],
    ['a private network', ['10.1.2.3']],
    ['loopback by IPv6', ['::1']],
    ['loopback by a mapped address', ['::ffff:127.0.0.1']],
    ['loopback by NAT64', ['64:ff9b::7f00:1']],
    ['loopback by 6to4', ['2002:7f00:1::']],
    ['a public address and a private one', [ADDRESS, '10.1.2.3']],
    ['a public address and a private one of the other family', [ADDRESS, 'fd00::1']],
  ])('%s is not connected to', async (_where, addresses) => {
    internet.names[NAME] = addresses
    expect(await failure(fetchJson(URL))).toBe('address_not_public')
    expect(internet.connections).toEqual([])
  })

  it('nowhere', async () => {
    internet.names[NAME] = []
    expect(await failure(fetchJson(URL))).toBe('unreachable')
  })

  it('a name that is asked for again and then leads inside (DNS rebinding): it is asked for once', async () => {
    const answers = [[ADDRESS], ['127.0.0.1']]
    internet.names[NAME] = () => answers.shift() ?? []
    expect((await fetchJson(URL)).json).toEqual({ hello: 'world' })
    expect([internet.lookups, internet.connections]).toEqual([[NAME], [`${ADDRESS}:443`]])
  })

  it('each request asks again, on a connection of its own: an earlier answer opens nothing', async () => {
    await fetchJson(URL)
    internet.names[NAME] = ['10.1.2.3']
    expect(await failure(fetchJson(URL))).toBe('address_not_public')
    expect(internet.lookups).toEqual([NAME, NAME])
  })

  it('the next address is tried where one does not answer', async () => {
    internet.names[NAME] = ['93.184.216.35', ADDRESS]
    expect((await fetchJson(URL)).json).toEqual({ hello: 'world' })
    expect(internet.connections).toEqual(['93.184.216.35:443', `${ADDRESS}:443`])
  })

  it.each([
    'https://127.0.0.1/client.json',
    'https://2130706433/client.json',
    'https://0x7f.1/client.json',
    'https://[::]/client.json',
    'https://[2606:4700::1111]/client.json',
    'https://93.184.216.34/client.json',
    'https://client.example.com./client.json',
    'https://client.example.com:8443/client.json',
    'http://client.example.com/client.json',
    'https://localhost/client.json',
  ])('%s is not even looked up', async (url) => {
    expect(await failure(fetchJson(url))).toBe('url_not_allowed')
    expect([internet.lookups, internet.connections]).toEqual([[], []])
  })
})

describe('AS-10: answers that are not taken', () => {
  const json = { 'Content-Type': 'application/json' }

  it.each([301, 302, 303, 307, 308])('a redirect (%i), which is not followed', async (status) => {
    host.answer = ({ url }, response) => {
      if (url === '/client.json') response.writeHead(status, { ...json, Location: '/elsewhere' }).end('{}')
      else response.writeHead(200, json).end('{}')
    }
    expect(await failure(fetchJson(URL))).toBe('unacceptable_answer')
    expect(host.requests).toHaveLength(1)
  })

  it.each([201, 203, 204, 206, 400, 404, 500])('status %i', async (status) => {
    host.answer = (_, response) => response.writeHead(status, json).end(status === 204 ? undefined : '{}')
    expect(await failure(fetchJson(URL))).toBe('unacceptable_answer')
  })

  it.each([
    'text/html',
    'text/plain',
    'application/jsonp',
    'application/xml',
    'text/json',
    undefined,
  ])('content type %s', async (type) => {
    host.answer = (_, response) => response.writeHead(200, type ? { 'Content-Type': type } : {}).end('{}')
    expect(await failure(fetchJson(URL))).toBe('unacceptable_answer')
  })

  it.each([
    ['what is no JSON', Buffer.from('{')],
    ['nothing', Buffer.from('')],
    ['what is not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['5 KB and a byte', Buffer.from(`"${'x'.repeat(5119)}"`)],
  ])('%s', async (_what, body) => {
    host.answer = (_, response) => response.writeHead(200, json).end(body)
    expect(await failure(fetchJson(URL))).toBe('unacceptable_answer')
  })

  it('what is compressed, and would be larger', async () => {
    host.answer = (_, response) =>
      response.writeHead(200, { ...json, 'Content-Encoding': 'gzip' }).end(gzipSync(`"${'x'.repeat(100_000)}"`))
    expect(await failure(fetchJson(URL))).toBe('unacceptable_answer')
  })

  it('what never ends: it stops at 5 KB', async () => {
    let sent = 0
    host.answer = (_, response) => {
      response.writeHead(200, json)
      const send = () => {
        sent += 1024
        if (!response.destroyed && response.write(' '.repeat(1024))) setImmediate(send)
      }
      send()
    }
    expect(await failure(fetchJson(URL))).toBe('unacceptable_answer')
    expect(sent).toBeLessThan(10_000_000)
  })

  it('headers over 5 KB', async () => {
    host.serve({ '/client.json': {} }, { 'X-Long': 'x'.repeat(6000) })
    expect(await failure(fetchJson(URL))).toBe('unreachable')
  })

  it('a connection that breaks off', async () => {
    host.answer = (_, response) => {
      response.writeHead(200, { ...json, 'Content-Length': '100' }).write('{')
      setImmediate(() => response.destroy())
    }
    expect(await failure(fetchJson(URL))).toBe('unreachable')
  })

  it('a certificate of another name', async () => {
    internet.hosts[ADDRESS] = other.port
    expect(await failure(fetchJson(URL))).toBe('unreachable')
    expect(other.requests).toEqual([])
  })

  it('a certificate that has expired, also where the environment asks for no checks', async () => {
    internet.hosts[ADDRESS] = expired.port
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    try {
      expect(await failure(fetchJson(URL))).toBe('unreachable')
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    }
    expect(expired.requests).toEqual([])
  })

  it('three seconds in all: one that never answers, and one that answers byte by byte', async () => {
    host.answer = ({ url }, response) => {
      if (url !== '/slow.json') return
      response.writeHead(200, json)
      const drip = setInterval(() => (response.destroyed ? clearInterval(drip) : response.write(' ')), 100)
    }
    const slow = `https://${NAME}/slow.json`
    expect(await Promise.all([failure(fetchJson(URL)), failure(fetchJson(slow))])).toEqual([
      'unreachable',
      'unreachable',
    ])
  })
})

describe('AS-10: limits', () => {
  it('hold for requests that fail, too', async () => {
    for (let count = 0; count < 20; count++)
      expect(await failure(fetchJson(`${URL}/${count}`))).toBe('unacceptable_answer')
    expect(await failure(fetchJson(URL))).toBe('too_many_requests')
    expect(host.requests).toHaveLength(20)
  })
})
