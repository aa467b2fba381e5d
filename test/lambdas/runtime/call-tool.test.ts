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

const callWith = (signal: AbortSignal, services: () => Promise<SampleServices>) =>
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
      mcpReq: { id: 1, signal: new AbortController().signal, requestState: () => undefined } as unknown,
    } as ServerContext,
  )
const overAlready = AbortSignal.abort(new AbilityError('timeout', 'Over.', 'Again.'))
const codeOf = async (result: ReturnType<typeof callTool>) => {
  const [content] = ((await result) as CallToolResult).content
  return content?.type === 'text' ? JSON.parse(content.text).error?.code : undefined
}

describe('callTool', () => {
  it('does not start when its time is over already', async () => {
    const seen: SampleServices['seen'] = []
    expect(await codeOf(callWith(overAlready, async () => ({ seen })))).toBe('timeout')
    expect(seen).toEqual([])
  })

  it('does not wait for services beyond its time', async () => {
    const signal = AbortSignal.timeout(5)
    const never = new Promise<SampleServices>(() => undefined)
    const controller = new AbortController()
    signal.addEventListener('abort', () => controller.abort(overAlready.reason))
    expect(await codeOf(callWith(controller.signal, () => never))).toBe('timeout')
  })
})
