import { describe, expect, it } from 'vitest'
import { startBackend, startSdkV1Backend, startSdkV2Backend } from '../../support/mcp-backend.ts'
import { answerOf } from '../runtime/support/mcp-message.ts'
import { sampleServer } from '../runtime/support/sample-skillset.ts'
import { open, sampleProxy } from './sample-proxy.ts'

const HEALTH = { method: 'GET', resource: '/health', authorizer: undefined }

async function health(handler: unknown) {
  const { statusCode, messages } = await answerOf(await open(handler as Parameters<typeof open>[0], HEALTH))
  return [statusCode, messages[0]]
}
const UP = [200, { status: 'ok' }]
const DOWN = [503, { status: 'down' }]

describe('/health', () => {
  it('of a skillset is up once its environment parses', async () => {
    expect(await health(sampleServer().handler)).toEqual(UP)
  })

  it.each([
    ['SDK 1', startSdkV1Backend],
    ['SDK 2', startSdkV2Backend],
  ])('of a proxy is up while a server of %s answers, looked at once in ten seconds', async (_sdk, start) => {
    await using backend = await start()
    const { handler, pass } = sampleProxy(backend.url)
    for (let asked = 0; asked < 3; asked++) expect(await health(handler)).toEqual(UP)
    expect(backend.recorded).toHaveLength(1)
    expect(backend.recorded[0]?.headers).not.toHaveProperty('x-user-id')
    await backend.stop()
    expect(await health(handler)).toEqual(UP)
    pass(10)
    expect(await health(handler)).toEqual(DOWN)
  })

  it.each([302, 401, 403, 404, 500, 503])('of a proxy is down where a ping is answered by %d', async (status) => {
    await using backend = await startBackend((_request, response) => response.writeHead(status).end())
    expect(await health(sampleProxy(backend.url).handler)).toEqual(DOWN)
  })

  it('of a proxy asks the path that the config names, by GET, with the headers of the config', async () => {
    let status = 204
    await using backend = await startBackend((_request, response) => response.writeHead(status).end())
    const { handler, pass } = sampleProxy(backend.url, {
      backend: { health: new URL('/up', backend.origin), headers: { 'X-Space': 'handbook' } },
    })
    expect(await health(handler)).toEqual(UP)
    expect(backend.recorded[0]).toMatchObject({ method: 'GET', url: '/up', headers: { 'x-space': 'handbook' } })
    status = 400
    pass(10)
    expect(await health(handler)).toEqual(DOWN)
  })

  it('of a proxy is down, and nothing is sent, while its credentials cannot be read', async () => {
    await using backend = await startBackend((_request, response) => response.end())
    const secretHeaders = [{ header: 'Authorization', secret: 'api-key', arn: 'arn' }]
    const { handler } = sampleProxy(backend.url, { backend: { secretHeaders } })
    expect(await health(handler)).toEqual(DOWN)
    expect(backend.recorded).toEqual([])
  })
})
