import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineAbility } from '../../../lambdas/runtime/define-ability.ts'
import { defineSkillset } from '../../../lambdas/runtime/define-skillset.ts'
import { serve } from '../../../lambdas/runtime/serve.ts'
import { KEY_ALONE } from './support/conversation.ts'
import { admitted } from './support/gateway-event.ts'
import { handshakeRequest, send, statelessRequest } from './support/mcp-message.ts'
import { ENVIRONMENT, keptLog } from './support/sample-skillset.ts'
import './support/aws-lambda.ts'

const travel = defineAbility({
  name: 'travel',
  title: 'Travel',
  description: 'Goes where it is told.',
  scope: 'sample:read',
  input: z.strictObject({ city: z.string().meta({ 'x-mcp-header': 'City' }) }),
  output: z.object({ city: z.string() }),
  run: ({ city }) => ({ city }),
})
const skillset = defineSkillset({ name: 'travels', title: 'Travels', instructions: 'For tests.', abilities: [travel] })
const handler = serve(skillset, { environment: ENVIRONMENT, ...keptLog(), conversation: KEY_ALONE })

const alice = admitted('alice', 'sample:read')
const params = { name: 'travel', arguments: { city: 'Berlin' } }
const goTo = async (headers: Record<string, string>, person = alice) => {
  const { statusCode, messages } = await send(handler, statelessRequest('tools/call', params, headers), person)
  return [statusCode, messages[0].error?.code ?? messages[0].result.structuredContent]
}

describe('RS-05: an argument that a header repeats (x-mcp-header)', () => {
  it.each(['Berlin', '=?base64?QmVybGlu?='])('is served where %s says the same', async (city) => {
    expect(await goTo({ 'mcp-param-city': city })).toEqual([200, { city: 'Berlin' }])
  })

  it.each([
    ['another', { 'mcp-param-city': 'Paris' }],
    ['none', {}],
    ['a malformed one', { 'mcp-param-city': '=?base64?Qm!!?=' }],
  ])('is refused where the header says %s', async (_what, headers) => {
    expect(await goTo(headers)).toEqual([400, -32020])
  })

  it('tells nobody of an ability that is not theirs', async () => {
    expect(await goTo({}, admitted('eve', '', { ceiling: '' }))).toEqual([200, -32602])
  })

  it('is not asked of clients of 2025', async () => {
    const { messages } = await send(handler, handshakeRequest('tools/call', params), alice)
    expect(messages[0].result.structuredContent).toEqual({ city: 'Berlin' })
  })
})
