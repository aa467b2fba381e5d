import { getEventListeners } from 'node:events'
import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server'
import { describe, expect, it } from 'vitest'
import { AbilityError } from '../../../lambdas/runtime/ability-error.ts'
import { callTool } from '../../../lambdas/runtime/call-tool.ts'
import { readAdmission } from '../../../lambdas/runtime/gate-context.ts'
import { KEY_ALONE } from './support/conversation.ts'
import { admitted } from './support/gateway-event.ts'
import { keptLog, type SampleServices, sampleSkillset } from './support/sample-skillset.ts'

const admission = readAdmission(admitted('alice', 'sample:read'))
if (!admission) throw new Error('not admitted')

const { signal: neverAborted } = new AbortController()

const callWith = (signal: AbortSignal, services: () => Promise<SampleServices>, requestSignal = neverAborted) =>
  callTool(
    sampleSkillset(() => ({ seen: [] })),
    {
      admission,
      services,
      signal,
      log: keptLog().openLog({}),
      audit: () => undefined,
      argumentDigest: async () => 'digest',
      requestId: 'r-1',
      now: Date.now,
      server: 'sample',
      conversation: KEY_ALONE,
      isStateless: false,
      arrivedAt: 0,
      hangUp: () => {},
      sessionId: undefined,
      send: async () => undefined,
    },
    { name: 'echo', arguments: { text: 'hi' } },
    {
      mcpReq: { id: 1, signal: requestSignal, requestState: () => undefined } as unknown,
    } as ServerContext,
  )
const overAlready = AbortSignal.abort(new AbilityError('timeout', 'Over.', 'Again.'))
const codeOf = async (result: ReturnType<typeof callTool>) => {
  const [content] = ((await result) as CallToolResult).content
  return content?.type === 'text' ? JSON.parse(content.text).error?.code : undefined
}

describe('callTool', () => {
  it('does not start when its time is over already', async () => {
    let asked = false
    const services = async () => {
      asked = true
      return { seen: [] }
    }
    expect(await codeOf(callWith(overAlready, services))).toBe('timeout')
    expect(asked).toBe(false)
  })

  it('does not wait for services beyond its time', async () => {
    const signal = AbortSignal.timeout(5)
    const never = new Promise<SampleServices>(() => undefined)
    const controller = new AbortController()
    signal.addEventListener('abort', () => controller.abort(overAlready.reason))
    expect(await codeOf(callWith(controller.signal, () => never))).toBe('timeout')
  })
  it('does not start where its services come when its time is over', async () => {
    const seen: SampleServices['seen'] = []
    const controller = new AbortController()
    const services = Promise.withResolvers<SampleServices>()
    const code = codeOf(callWith(controller.signal, () => services.promise))
    controller.abort(overAlready.reason)
    expect(await code).toBe('timeout')
    services.resolve({ seen })
    await new Promise(setImmediate)
    expect(seen).toEqual([])
  })

  it('ends with its request, too, as when nobody takes the answer any more', async () => {
    const controller = new AbortController()
    const code = codeOf(callWith(neverAborted, () => new Promise(() => undefined), controller.signal))
    controller.abort(overAlready.reason)
    expect(await code).toBe('timeout')
  })

  it('leaves nobody listening: the calls of a batch have one end in common', async () => {
    await callWith(neverAborted, async () => ({ seen: [] }))
    expect(getEventListeners(neverAborted, 'abort')).toEqual([])
  })
})
