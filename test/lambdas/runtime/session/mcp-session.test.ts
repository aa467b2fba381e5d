import { describe, expect, it } from 'vitest'
import { readAdmission } from '../../../../lambdas/runtime/gate-context.ts'
import { issueSession, readSession, type SessionHolder } from '../../../../lambdas/runtime/session/mcp-session.ts'
import { KEY_ALONE } from '../support/conversation.ts'
import { admitted } from '../support/gateway-event.ts'
import { handshakeRequest, send } from '../support/mcp-message.ts'
import { sampleServer } from '../support/sample-skillset.ts'

const DAY = 24 * 60 * 60 * 1000

function holder(more: Parameters<typeof admitted>[2] = {}, over: Partial<SessionHolder> = {}): SessionHolder {
  const admission = readAdmission(admitted('alice', 'sample:read', more))
  if (!admission) throw new Error('not admitted')
  return { server: 'sample', conversation: KEY_ALONE, admission, now: () => 0, ...over }
}
const initialize = (capabilities: object, protocolVersion = '2025-06-18') => ({
  method: 'initialize',
  params: { protocolVersion, capabilities, clientInfo: { name: 'test', version: '1.0.0' } },
})
const issue = async (capabilities: object, version?: string) =>
  (await issueSession(initialize(capabilities, version), holder())) ?? ''

describe('RS-08: the sealed Mcp-Session-Id', () => {
  it('says to the same person, client and server what the client declared', async () => {
    const id = await issue({ elicitation: { form: {} }, sampling: {}, roots: { listChanged: true } })
    expect(await readSession(id, holder())).toEqual({
      protocolVersion: '2025-06-18',
      capabilities: { elicitation: { form: {} }, sampling: {}, roots: {} },
    })
    expect(id).toMatch(/^[\x21-\x7E]+$/)
  })

  it('outlives the grant: signing in again takes nothing away', async () => {
    const id = await issue({ elicitation: {} })
    expect(await readSession(id, holder({ sid: 'another' }))).toBeDefined()
  })

  it.each([
    ['another person', holder({ sub: 'sub-of-bob' })],
    ['another tenant', holder({ tenant: 'partner' })],
    ['another client', holder({ client_id: 'client-2' })],
    ['another server', holder({}, { server: 'other' })],
    ['a week later', holder({}, { now: () => 7 * DAY })],
  ])('is nothing to %s', async (_who, other) => {
    expect(await readSession(await issue({ elicitation: {} }), other)).toBeUndefined()
  })

  it.each([undefined, '', 'x', 'f1e2d3c4-0000-4000-8000-000000000000'])('%j is none', async (id) => {
    expect(await readSession(id, holder())).toBeUndefined()
  })

  it('stays short whatever a client declares', async () => {
    const id = await issue({ experimental: { everything: 'x'.repeat(9000) }, elicitation: { form: { x: 'y' } } })
    expect(id.length).toBeLessThan(200)
  })

  it('has the revision that was negotiated, not the one that was wished', async () => {
    expect(await readSession(await issue({}, '2099-01-01'), holder())).toMatchObject({ protocolVersion: '2025-11-25' })
  })
})

describe('RS-08: over HTTP', () => {
  const alice = admitted('alice', 'sample:read')
  const request = handshakeRequest('initialize', initialize({ elicitation: {} }).params)

  it('initialize is answered with one, other requests are not', async () => {
    const { handler } = sampleServer()
    const { headers } = await send(handler, request, alice)
    expect(headers['Mcp-Session-Id']).toBeDefined()
    expect((await send(handler, handshakeRequest('tools/list'), alice)).headers).not.toHaveProperty('Mcp-Session-Id')
  })

  it.each(['', 'foreign', 'x'.repeat(5000)])('a session that is none of ours is no error: %#', async (id) => {
    const { headers, message } = handshakeRequest('tools/list')
    const { statusCode } = await send(
      sampleServer().handler,
      { headers: { ...headers, 'mcp-session-id': id }, message },
      alice,
    )
    expect(statusCode).toBe(200)
  })

  it('without its key the server serves all the same, and says so to the log', async () => {
    const key = () => Promise.reject(new Error('no key'))
    const { handler, log } = sampleServer({ conversation: { ...KEY_ALONE, key } })
    const { statusCode, headers } = await send(handler, request, alice)
    expect([statusCode, headers['Mcp-Session-Id']]).toEqual([200, undefined])
    expect(log.join()).toContain('no session could be sealed')
  })
})
