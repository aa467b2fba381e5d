import { createServer } from 'node:net'
import tls from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { probe, type Service } from '../../../../lambdas/skillsets/devops/backends/service-probe.ts'
import { type SelfSigned, selfSigned } from '../../../support/certificates.ts'
import { serviceAt, startService } from './support/services.ts'

const never = new AbortController().signal
const probed = (url: string, changes: Partial<Service> = {}) => probe(serviceAt(url, changes), Date.now, never)

const received: { url: string; headers: object }[] = []
let service: Awaited<ReturnType<typeof startService>>

beforeAll(async () => {
  service = await startService((request, response) => {
    received.push({ url: request.url ?? '', headers: request.headers })
    switch (request.url?.split('?')[0]) {
      case '/broken':
        return response.writeHead(503).end('marked-secret stack trace')
      case '/moved':
        return response.writeHead(302, { location: '/healthy' }).end()
      case '/cut':
        response.writeHead(200, { 'content-length': 100 }).write('half')
        return setImmediate(() => response.destroy())
      case '/stalled':
        return response.writeHead(200).write('half')
      case '/endless': {
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        }
        response.on('drain', more)
        return more()
      }
      case '/silent':
        return undefined
      default:
        return response.end('{"status":"fine"}')
    }
  })
})
afterAll(() => service.kill())
afterEach(() => received.splice(0))

describe('an answer', () => {
  it.each<[string, Service['expect'], object]>([
    ['/healthy?token=1', {}, { status: 'healthy', httpStatus: 200 }],
    ['/broken', {}, { status: 'unhealthy', httpStatus: 503, reason: 'unexpected_status' }],
    ['/broken', { status: 503 }, { status: 'healthy', httpStatus: 503 }],
    ['/healthy', { status: 204 }, { status: 'unhealthy', httpStatus: 200, reason: 'unexpected_status' }],
    ['/moved', {}, { status: 'unhealthy', httpStatus: 302, reason: 'unexpected_status' }],
    ['/moved', { status: 302 }, { status: 'healthy', httpStatus: 302 }],
    ['/endless', {}, { status: 'healthy', httpStatus: 200 }],
    ['/healthy', { contains: '"status":"fine"' }, { status: 'healthy' }],
    ['/healthy', { contains: 'marked' }, { status: 'unhealthy', httpStatus: 200, reason: 'unexpected_body' }],
    ['/endless', { contains: 'y' }, { status: 'unhealthy', httpStatus: 200, reason: 'unexpected_body' }],
    ['/cut', { contains: 'whole' }, { status: 'unhealthy', httpStatus: 200, reason: 'invalid_response' }],
  ])('%s with %j', async (path, expected, result) => {
    const found = await probed(service.url + path, { expect: expected })
    expect(found).toMatchObject(result)
    expect(found).not.toHaveProperty('certificateEnd')
    expect(JSON.stringify(found)).not.toContain('marked')
    // Nothing is followed.
    expect(received.map(({ url }) => url)).toEqual([path])
  })

  it('is asked for without a cookie, a credential or a kept connection', async () => {
    await probed(`${service.url}/healthy`)
    expect(received[0]?.headers).toEqual({
      host: new URL(service.url).host,
      accept: '*/*',
      'user-agent': 'mcp-factory-health',
      connection: 'close',
    })
  })
})

describe('no answer', () => {
  it.each([
    ['/silent', {}, 100, 'unreachable'],
    // Long enough for the head of the answer on a busy machine.
    ['/stalled', { contains: 'whole' }, 2_000, 'unhealthy'],
  ])('of %s in time', async (path, expected, timeoutMs, status) => {
    const found = await probed(service.url + path, { timeoutMs, expect: expected })
    expect(found).toMatchObject({ status, reason: 'timeout', detail: `no whole answer within ${timeoutMs} ms` })
  })

  it('where nobody listens', async () => {
    expect(await probed('http://127.0.0.1:1/')).toMatchObject({
      status: 'unreachable',
      reason: 'connect_failed',
      detail: 'could not connect (ECONNREFUSED)',
    })
  })

  it('of what is no HTTP', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-marked\r\n'))
    onTestFinished(() => void server.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    expect(await probed(`http://127.0.0.1:${port}/`)).toMatchObject({
      status: 'unreachable',
      reason: 'invalid_response',
      detail: expect.not.stringContaining('marked'),
    })
  })

  it('where the name leads nowhere', async () => {
    // A label may have 63 characters: nobody is asked for this one.
    const found = await probed(`http://${'x'.repeat(64)}.invalid/`)
    expect(found).toMatchObject({ status: 'unreachable', reason: 'dns_failed' })
  })

  it('where the caller stops', async () => {
    const controller = new AbortController()
    const probing = probe(serviceAt(`${service.url}/silent`), Date.now, controller.signal)
    controller.abort(new Error('over'))
    await expect(probing).rejects.toThrow('over')
  })
})

describe('TLS', () => {
  const end = new Date('2999-01-02T03:04:05Z')
  const trusted = tls.getCACertificates()
  afterEach(() => tls.setDefaultCACertificates(trusted))

  async function probedWith(certificate: SelfSigned, options: { trust: boolean }) {
    const requests: string[] = []
    const secure = await startService(
      (request, response) => {
        requests.push(request.url ?? '')
        response.end()
      },
      { tls: certificate },
    )
    onTestFinished(() => secure.kill())
    if (options.trust) tls.setDefaultCACertificates([...trusted, certificate.cert])
    return { found: await probed(`${secure.url}/?token=1`), requests }
  }

  it('tells when a good certificate ends', async () => {
    const { found, requests } = await probedWith(selfSigned('127.0.0.1', end), { trust: true })
    expect(found).toMatchObject({ status: 'healthy', httpStatus: 200, certificateEnd: end.toISOString() })
    expect(requests).toEqual(['/?token=1'])
  })

  it.each([
    ['self-signed', selfSigned('127.0.0.1', end), false, 'DEPTH_ZERO_SELF_SIGNED_CERT', end],
    ['for another host', selfSigned('127.0.0.2', end), true, 'ERR_TLS_CERT_ALTNAME_INVALID', end],
    ['expired', selfSigned('127.0.0.1', new Date(86_400_000)), true, 'CERT_HAS_EXPIRED', new Date(86_400_000)],
  ])('a certificate that is %s is told with its end, and nothing is sent', async (what, certificate, trust, code, to) => {
    const { found, requests } = await probedWith(certificate, { trust })
    expect(found).toMatchObject({ status: 'unreachable', reason: 'tls_invalid', certificateEnd: to.toISOString() })
    expect(found.detail).toContain(what)
    expect(found.detail).toContain(code)
    expect(requests).toEqual([])
  })

  it('says where there is none', async () => {
    expect(await probed(service.url.replace('http:', 'https:'))).toMatchObject({
      status: 'unreachable',
      reason: 'tls_invalid',
    })
  })
})
