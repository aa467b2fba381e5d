import { describe, expect, it } from 'vitest'
import { serve } from '../../../lambdas/runtime/serve.ts'
import { invoke } from './support/aws-lambda.ts'
import { KEY_ALONE } from './support/conversation.ts'
import { admitted, proxyEvent } from './support/gateway-event.ts'
import { handshakeRequest, send, statelessRequest } from './support/mcp-message.ts'
import { ENVIRONMENT, keptLog, sampleServer, sampleSkillset, steps } from './support/sample-skillset.ts'

const alice = admitted('alice', 'sample:read')
const eras = [
  ['2025-11-25', handshakeRequest],
  ['2026-07-28', statelessRequest],
] as const

describe.each(eras)('outcomes of an ability in %s', (_version, request) => {
  const { handler, log, seen } = sampleServer()
  const misbehave = async (how: string, person = alice, remainingMs?: number) => {
    log.length = 0
    const answer = await send(
      handler,
      request('tools/call', { name: 'misbehave', arguments: { how } }),
      person,
      remainingMs,
    )
    const { isError, content, structuredContent } = answer.messages.at(-1).result
    expect([answer.statusCode, isError, structuredContent]).toEqual([200, true, undefined])
    return { ...answer, error: JSON.parse(content[0].text).error }
  }

  it('gives structured content with a text twin', async () => {
    const { messages } = await send(handler, request('tools/call', { name: 'echo', arguments: { text: 'hi' } }), alice)
    const { content, structuredContent, isError } = messages[0].result
    expect(structuredContent).toEqual({ text: 'hi', person: 'alice@example.com' })
    expect(JSON.parse(content[0].text)).toEqual(structuredContent)
    expect(isError).toBeUndefined()
  })

  it('names each wrong argument and does not run', async () => {
    seen.length = 0
    for (const input of [{}, { text: 7 }, { text: 'x'.repeat(21) }, { text: 'hi', more: 1 }, undefined]) {
      const { messages } = await send(handler, request('tools/call', { name: 'echo', arguments: input }), alice)
      const { error } = JSON.parse(messages[0].result.content[0].text)
      expect(error.code).toBe('invalid_arguments')
      expect(error.message).toMatch(/^(text|arguments): /)
    }
    expect(seen).toEqual([])
  })

  it('shows a refusal with code and hint, its cause only in the log', async () => {
    const { error, text } = await misbehave('refuse')
    expect(error).toEqual({
      code: 'too_late',
      message: 'It is too late.',
      hint: 'Come back tomorrow.',
      requestId: 'request-1',
    })
    expect(text).not.toContain('inner detail')
    expect(log.join()).toContain('inner detail')
  })

  it.each(['throw', 'wrong_output'])('shows nothing of what went wrong inside (%s)', async (how) => {
    const { error, text } = await misbehave(how)
    expect(error).toMatchObject({ code: 'internal_error', requestId: 'request-1' })
    expect(text).not.toMatch(/marked-secret|\.ts|output/)
    expect(log.join()).toMatch(/marked-secret|text: found a number; allowed: a string/)
  })

  it('refuses a result over the limit with advice instead of cutting it', async () => {
    const { error, text } = await misbehave('too_much')
    expect(error).toMatchObject({ code: 'result_too_large', hint: expect.stringMatching(/narrower|smaller/) })
    expect(text.length).toBeLessThan(2000)
  })

  it.each(['ignore_signal', 'late_progress'])('answers before the deadline (%s)', async (how) => {
    const { error } = await misbehave(how, alice, 1_020)
    expect(error).toMatchObject({ code: 'timeout', requestId: 'request-1' })
  })

  it('lets an ability that goes on report into the void', async () => {
    steps.late.length = 0
    const params = { name: 'misbehave', arguments: { how: 'late_progress' }, _meta: { progressToken: 'p' } }
    await send(handler, request('tools/call', params), alice, 1_020)
    while (steps.late.length === 0) await new Promise(setImmediate)
    await expect(steps.late[0]).resolves.toBeUndefined()
  })

  it('RS-07: a stream ends when the token does', async () => {
    const exp = String(Math.floor(Date.now() / 1000))
    const { error } = await misbehave('ignore_signal', { ...alice, exp })
    expect(error.code).toBe('token_expired')
  })

  it('lets no ability forge who it ran for in the log', async () => {
    await misbehave('refuse')
    expect(log.join()).toContain('misbehaving')
    expect(log.join()).not.toContain('forged')
  })

  it('logs every call with request, person, tenant, tool, outcome and duration', async () => {
    await misbehave('refuse')
    expect(log.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        audit: 'tool.called',
        requestId: 'request-1',
        server: 'sample',
        sub: 'sub-of-alice',
        tenant: 'example',
        client: 'client-1',
        name: 'misbehave',
        outcome: 'too_late',
        durationMs: expect.any(Number),
        argumentDigest: expect.stringMatching(/^[\w-]{43}$/),
      }),
    )
  })
})

describe.each(eras)('progress in %s', (_version, request) => {
  const { handler } = sampleServer()

  it('reaches the client before the result', async () => {
    const { headers, message } = request('tools/call', { name: 'report', _meta: { progressToken: 'p1' } })
    const { body, headers: answered } = await invoke(
      handler,
      proxyEvent({ headers, body: JSON.stringify(message), authorizer: alice }),
    )
    expect(answered).toMatchObject({ 'content-type': 'text/event-stream', 'X-Accel-Buffering': 'no' })
    let text = ''
    let resultBeforeRelease = false
    for await (const chunk of body) {
      text += chunk
      if (!text.includes('"progress":1')) continue
      // The ability waits for this: what has arrived so far, arrived while it ran.
      resultBeforeRelease ||= steps.release.length > 0 && text.includes('"done":true')
      steps.release.pop()?.()
    }
    expect(resultBeforeRelease).toBe(false)
    const [progress, result] = text.match(/data: \{.*/g) ?? []
    expect(JSON.parse((progress ?? '').slice(6))).toMatchObject({
      method: 'notifications/progress',
      params: { progressToken: 'p1', progress: 1, total: 2, message: 'half' },
    })
    expect(result).toContain('"done":true')
  })

  it.each([
    ['that did not ask for it', {}],
    ['whose token is so long that every step would be a flood', { _meta: { progressToken: 'x'.repeat(1_025) } }],
  ])('is not sent to a client %s', async (_what, params) => {
    const answer = send(handler, request('tools/call', { name: 'report', ...params }), alice)
    while (steps.release.length === 0) await new Promise(setImmediate)
    steps.release.pop()?.()
    const { messages } = await answer
    expect(messages).toHaveLength(1)
  })
})

describe('services', () => {
  it('are built at the first call of an ability, once', async () => {
    let built = 0
    const skillset = sampleSkillset(() => {
      built += 1
      return { seen: [] }
    })
    const handler = serve(skillset, { environment: ENVIRONMENT, ...keptLog(), conversation: KEY_ALONE })
    await send(handler, handshakeRequest('tools/list'), alice)
    expect(built).toBe(0)
    const echo = handshakeRequest('tools/call', { name: 'echo', arguments: { text: 'hi' } })
    await Promise.all([send(handler, echo, alice), send(handler, echo, alice)])
    await send(handler, echo, alice)
    expect(built).toBe(1)
  })

  it('are tried again after a failure', async () => {
    let attempts = 0
    const skillset = sampleSkillset(() => {
      attempts += 1
      if (attempts === 1) throw new Error('not yet')
      return { seen: [] }
    })
    const handler = serve(skillset, { environment: ENVIRONMENT, ...keptLog(), conversation: KEY_ALONE })
    const echo = handshakeRequest('tools/call', { name: 'echo', arguments: { text: 'hi' } })
    const first = await send(handler, echo, alice)
    expect(first.messages[0].result.isError).toBe(true)
    const second = await send(handler, echo, alice)
    expect(second.messages[0].result.structuredContent.text).toBe('hi')
  })
})

describe('a stand-in for Lambda', () => {
  it('sees back-pressure respected: a slow reader gets every byte', async () => {
    const { handler } = sampleServer()
    const text = 'x'.repeat(20)
    const { headers } = handshakeRequest('tools/call', {}, '2025-03-26')
    const message = Array.from({ length: 50 }, (_, id) => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'echo', arguments: { text } },
    }))
    const { body } = await invoke(handler, proxyEvent({ headers, body: JSON.stringify(message), authorizer: alice }))
    let received = ''
    for await (const chunk of body) {
      received += chunk
      await new Promise(setImmediate)
    }
    expect(received.match(/data: /g)).toHaveLength(50)
  })
})
