import { describe, expect, it } from 'vitest'
import { isUp } from '../../../lambdas/oauth/server-health.ts'
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

  it('and not where it redirects, is gone or says nothing; a body that does not end is not waited for', async () => {
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
    await using silent = await startBackend(() => undefined)
    expect(await isUp(`${silent.origin}/health`)).toBe(false)
  })
})
