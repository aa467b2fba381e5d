import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { declarationsOf } from '../../../cli/declarations.ts'
import { openAudit } from '../../../lambdas/audit/audit.ts'
import { AUDIT_EVENTS } from '../../../lambdas/audit/catalogue.ts'
import { AbilityError } from '../../../lambdas/runtime/ability-error.ts'
import { deriveKey } from '../../../lambdas/runtime/conversation/conversation.ts'
import type { Skillset } from '../../../lambdas/runtime/define-skillset.ts'
import { type Instance, serve } from '../../../lambdas/runtime/serve.ts'
import config from '../../../local/demo/sample.config.ts'
import { type AbilityDeclaration, offeredBy, scopesOf } from '../../../model/skillset-declaration.ts'
import { type RunningBackend, startBackend } from '../../support/mcp-backend.ts'
import { ask, BOB, sampleProxy } from '../proxy/sample-proxy.ts'
import { askingServer } from '../runtime/support/asking-skillset.ts'
import { KEY_ALONE } from '../runtime/support/conversation.ts'
import { admitted } from '../runtime/support/gateway-event.ts'
import { library } from '../runtime/support/library-skillset.ts'
import { handshakeRequest, send } from '../runtime/support/mcp-message.ts'
import { ENVIRONMENT, keptLog, sampleServer } from '../runtime/support/sample-skillset.ts'
import { namesOf, type Recorded, recorder, seen } from './recorded.ts'

const { audit, begin, recorded } = recorder()
const alice = (scopes: readonly string[], ceiling = scopes) =>
  admitted('alice', scopes.join(' '), { ceiling: ceiling.join(' ') })
const CALLER = {
  requestId: 'request-1',
  sub: 'sub-of-alice',
  email: 'alice@example.com',
  tenant: 'example',
  client: 'client-1',
  grant: 'grant-of-alice',
}

/** Every skillset that ships, and one with resources and prompts. */
const skillsets = [
  ...(await declarationsOf(config)),
  { ...library(() => ({ seen: [] })), server: 'library' },
] as unknown as (Skillset<unknown> & { readonly server: string })[]

const calls = skillsets.flatMap((skillset) => {
  const instance = { environment: ENVIRONMENT, ...keptLog(), audit, conversation: KEY_ALONE }
  const services = async () => {
    throw new AbilityError('reached', 'It was let through.', 'This is a test.')
  }
  const handler = serve({ ...skillset, needs: [], services }, instance)
  const scopes = scopesOf(skillset).map(({ name }) => name)
  return offeredBy(skillset).map((offered) => ({
    name: offered.name,
    server: skillset.server,
    handler,
    offered,
    scopes,
    ...requestOf(skillset, offered),
  }))
})

function requestOf(skillset: Skillset<unknown>, { name }: AbilityDeclaration) {
  if (skillset.abilities.some((one) => one.name === name))
    return { method: 'tools/call', params: { name, arguments: {} }, event: 'tool.called' }
  if (skillset.prompts.some((one) => one.name === name))
    return { method: 'prompts/get', params: { name }, event: 'prompt.got' }
  return { method: 'resources/read', params: { uri: name.replaceAll(/\{\w+\}/g, '1') }, event: 'resource.read' }
}

describe('everything that a skillset offers', () => {
  it.each(calls)('$server: $name', async ({ name, handler, offered, scopes, method, params, event }) => {
    const one = async (person: ReturnType<typeof alice>) => {
      begin()
      await send(handler, handshakeRequest(method, params), person)
      expect(namesOf(recorded())).toEqual([event])
      return recorded()[0]
    }
    const facts = { ...CALLER, name, server: 'sample', durationMs: expect.any(Number) }
    expect(await one(alice(scopes))).toMatchObject({ ...facts, outcome: 'reached', argumentDigest: expect.any(String) })
    const others = scopes.filter((scope) => scope !== offered.scope)
    expect(await one(alice(others, scopes))).toMatchObject({ outcome: 'insufficient_scope', scope: offered.scope })
    expect(String((await one(alice(others)))?.outcome)).toMatch(/^unknown_(tool|prompt)$|^resource_not_found$/)
  })

  it('completions, and a request from a foreign page', async () => {
    const { handler, scopes } = calls.find(({ server }) => server === 'library') ?? expect.fail('no library')
    begin()
    const params = { ref: { type: 'ref/prompt', name: 'recommend' }, argument: { name: 'shelf', value: '' } }
    await send(handler, handshakeRequest('completion/complete', params), alice(scopes))
    expect(namesOf(recorded())).toEqual(['argument.completed'])
    const { headers, message } = handshakeRequest('tools/list')
    begin()
    await send(handler, { headers: { ...headers, origin: 'https://evil.test' }, message }, alice(scopes))
    expect(namesOf(recorded())).toEqual(['request.refused'])
    expect(recorded()[0]).toMatchObject({ ...CALLER, server: 'sample', reason: 'origin_not_allowed', path: '/v1/mcp' })
  })
})

it('what a person confirmed, and by which call', async () => {
  const { handler } = askingServer({ conversation: KEY_ALONE, audit })
  const erase = async (more: object) => {
    begin()
    const given = { name: 'erase', arguments: { what: 'notes', ...more } }
    const { text } = await send(handler, handshakeRequest('tools/call', given), alice(['sample:everyday']))
    return { text, names: namesOf(recorded()), events: recorded() }
  }
  const asked = await erase({})
  expect(asked).toMatchObject({ names: ['tool.called'], events: [{ outcome: 'confirmation_required' }] })
  const [token = ''] = /[\w-]{60,160}/.exec(asked.text) ?? []
  const confirmed = await erase({ confirmation: { token } })
  expect(confirmed.names).toEqual(['confirmation.answered', 'tool.called'])
  expect(confirmed.events).toMatchObject([{ ...CALLER, name: 'erase', outcome: 'accept' }, { outcome: 'ok' }])
  expect(confirmed.events[1]?.argumentDigest, 'of the same arguments').toBe(asked.events[0]?.argumentDigest)
  expect(JSON.stringify(confirmed.events)).not.toContain(token)
})

describe('arguments', () => {
  const TEXT = 'marked-secret'
  const called = async (given: object, instance: Partial<Instance> = {}): Promise<Recorded> => {
    const { handler, log } = sampleServer(instance)
    await send(handler, handshakeRequest('tools/call', { name: 'echo', arguments: given }), alice(['sample:read']))
    expect(log.join()).not.toContain(TEXT)
    return log.map((line) => JSON.parse(line)).find((line) => line.audit === 'tool.called')
  }
  const digestOf = async (given: object, instance?: Partial<Instance>) => (await called(given, instance)).argumentDigest
  const otherKey = { ...KEY_ALONE, key: async () => deriveKey('another secret') }

  it('have one digest at one server, whatever their order, and never stand in the log', async () => {
    const digest = await digestOf({ text: TEXT, more: 1 })
    expect(digest).toMatch(/^[\w-]{43}$/)
    expect(await digestOf({ more: 1, text: TEXT })).toBe(digest)
    expect(await digestOf({ text: TEXT, more: 2 })).not.toBe(digest)
  })

  it('001.F6: cannot be found by trying: the digest is keyed by a secret of the server', async () => {
    const given = { text: TEXT }
    expect(await digestOf(given, { conversation: otherKey })).not.toBe(await digestOf(given))
    expect(await digestOf(given)).not.toBe(createHash('sha256').update(JSON.stringify(given)).digest('base64url'))
  })

  it.each<[string, () => Promise<Buffer>]>([
    ['cannot be read', () => Promise.reject(new Error('no secret'))],
    ['does not come', () => new Promise(() => undefined)],
  ])('have none where the key %s: the call is answered all the same', async (_case, key) => {
    const event = await called({ text: TEXT }, { conversation: { ...KEY_ALONE, key } })
    expect(event).toMatchObject({ outcome: 'ok' })
    expect(event).not.toHaveProperty('argumentDigest')
  })

  it('a call is answered where nothing can be written', async () => {
    const failing = openAudit(
      () => {
        throw new Error('broken')
      },
      Date.now,
      () => ({ service: undefined, trace: undefined }),
    )
    const { handler } = sampleServer({ audit: failing })
    const request = handshakeRequest('tools/call', { name: 'echo', arguments: { text: TEXT } })
    const { messages } = await send(handler, request, alice(['sample:read']))
    expect(messages[0].result.structuredContent.text).toBe(TEXT)
  })
})

describe('a proxy', () => {
  let backend: RunningBackend
  let status = 200
  beforeAll(async () => {
    backend = await startBackend((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end('{"jsonrpc":"2.0","id":1,"result":{}}')
    })
  })
  afterAll(() => backend.stop())

  async function called(url: string, name: string, more: object = {}) {
    const { handler, lines } = sampleProxy(url)
    await ask(handler, 'tools/call', { name, arguments: { text: 'marked-secret' } }, { authorizer: BOB, ...more })
    expect(lines.join()).not.toContain('marked-secret')
    return lines.map((line) => JSON.parse(line)).filter(({ audit: event }) => event !== undefined)
  }

  it.each([
    ['passes a call on', 200, 'ok'],
    ['tells what the backend answered', 404, 'backend_answered_404'],
    ['tells what the backend may not answer', 401, 'backend_refused_credentials'],
  ])('%s', async (_case, answered, outcome) => {
    status = answered
    const events = await called(backend.url, 'write_page')
    expect(namesOf(events)).toEqual(['call.proxied'])
    const about = { sub: 'sub-of-bob', server: 'wiki', method: 'POST', methods: ['tools/call'], tools: ['write_page'] }
    expect(events[0]).toMatchObject({ ...about, outcome })
  })

  it.each([
    ['write_page', admitted('bob', 'wiki:use', { ceiling: 'wiki:use wiki:write' }), 'insufficient_scope'],
    ['delete_page', admitted('bob', 'wiki:use'), 'unknown_tool'],
    ['read_page', BOB, 'backend_unreachable'],
  ])('does not pass %s on', async (tool, authorizer, outcome) => {
    const events = await called('http://127.0.0.1:1/mcp', tool, { authorizer })
    expect(namesOf(events)).toEqual(['call.proxied'])
    expect(events[0]).toMatchObject({ tools: [tool], outcome })
  })

  it('refuses a foreign page', async () => {
    const events = await called(backend.url, 'read_page', { headers: { origin: 'https://evil.test' } })
    expect(namesOf(events)).toEqual(['request.refused'])
  })
})

it('together they are every event that the catalogue promises of servers and proxies', () => {
  const promised = Object.entries(AUDIT_EVENTS).filter(
    ([, { by }]) => /\b(server|proxy)$/.test(by) && by !== 'authorization server',
  )
  expect([...seen].sort()).toEqual(promised.map(([name]) => name).sort())
})
