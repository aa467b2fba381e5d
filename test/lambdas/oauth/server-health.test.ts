import { describe, expect, it } from 'vitest'
import { isUp } from '../../../lambdas/oauth/server-health.ts'
import { serverList } from '../../../lambdas/oauth/servers.ts'
import type { Store } from '../../../lambdas/store/store.ts'
import { startBackend } from '../../support/mcp-backend.ts'

describe('a server is up', () => {
  it.each([
    [200, '{"status":"down"}', true],
    [503, '{"status":"ok"}', false],
    [204, '', false],
    [404, '', false],
  ])('by its status alone: %d with %j', async (status, body, up) => {
    await using server = await startBackend((_request, response) => response.writeHead(status).end(body))
    expect(await isUp(`${server.origin}/health`)).toBe(up)
    expect(server.recorded[0]?.headers).not.toHaveProperty('authorization')
  })

  it('and not where it redirects or is gone; a body that does not end is not waited for', async () => {
    await using elsewhere = await startBackend((_request, response) => response.end())
    await using server = await startBackend((_request, response) =>
      response.writeHead(302, { location: elsewhere.origin }).end(),
    )
    expect(await isUp(`${server.origin}/health`)).toBe(false)
    expect(elsewhere.recorded).toEqual([])
    await server.stop()
    expect(await isUp(`${server.origin}/health`)).toBe(false)
    await using endless = await startBackend((_request, response) => response.writeHead(200).flushHeaders())
    expect(await isUp(`${endless.origin}/health`)).toBe(true)
  })

  it('or not known, where it says nothing in time: a cold start is no failure', async () => {
    await using silent = await startBackend(() => undefined)
    const up = await isUp(`${silent.origin}/health`)
    expect(up).toBeUndefined()
    const server = { name: 'one', title: 'One', resource: 'https://mcp.example.com/one/mcp' }
    const store = { factory: async () => ({ servers: [server] }) } as unknown as Store
    expect(await serverList({ store, isUp: async () => up })).toEqual({ servers: [{ ...server, status: 'unknown' }] })
  })
})
