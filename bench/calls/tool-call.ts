import { Console } from 'node:console'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { devNull } from 'node:os'
import { Logger } from '@aws-lambda-powertools/logger'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { openAudit } from '../../lambdas/audit/audit.ts'
import { powertoolsLog } from '../../lambdas/runtime/ability-log.ts'
import { defineAbility } from '../../lambdas/runtime/define-ability.ts'
import { defineSkillset } from '../../lambdas/runtime/define-skillset.ts'
import { serve } from '../../lambdas/runtime/serve.ts'
import { KEY_ALONE } from '../../test/lambdas/runtime/support/conversation.ts'
import { admitted, proxyEvent } from '../../test/lambdas/runtime/support/gateway-event.ts'
import { statelessRequest } from '../../test/lambdas/runtime/support/mcp-message.ts'
import { ENVIRONMENT } from '../../test/lambdas/runtime/support/sample-skillset.ts'
import { processorTimes, tableOf } from './processor-time.ts'
import { invoke, lambdaRuntime } from './response-stream.ts'

const BARE = 'the SDK’s bare handler'

const input = z.object({ from: z.string(), to: z.string() })
const output = z.object({ from: z.string(), to: z.string() })
const CALL = statelessRequest('tools/call', { name: 'echo', arguments: { from: '2026-01-01', to: '2026-02-01' } })

const BODY = JSON.stringify(CALL.message)
const EVENT = proxyEvent({ headers: CALL.headers, body: BODY, authorizer: admitted('alice', 'sample:read') })
const SERVER_URL = 'https://server.invalid/mcp'

/** The same tool, called by the same 2026-07-28 request: through the runtime's Lambda handler, and through the SDK's alone. */
export async function benchToolCall(): Promise<void> {
  const candidates = {
    [BARE]: bareHandler(),
    'the same in a Lambda handler': bareLambdaHandler(),
    'the runtime’s Lambda handler': runtimeHandler(),
  }
  const answers = await Promise.all(Object.values(candidates).map((call) => call()))
  for (const answer of answers)
    if (JSON.parse(answer).result?.structuredContent?.from !== '2026-01-01') throw new Error(`found ${answer}`)
  tableOf(await processorTimes(candidates), BARE, 'tools/call, in one process, from request to the last byte')
}

function bareHandler(): () => Promise<string> {
  const { fetch } = bareServer()
  const headers = CALL.headers as Record<string, string>
  return async () => {
    const response = await fetch(new Request(SERVER_URL, { method: 'POST', headers, body: BODY }))
    return response.text()
  }
}

/** The least that a streaming function can be: no check of anything, no log, no header of its own, the answer as one write. */
function bareLambdaHandler(): () => Promise<string> {
  const { fetch } = bareServer()
  const { streamifyResponse, HttpResponseStream } = lambdaRuntime
  const handler = streamifyResponse(async ({ httpMethod: method, headers, body }, stream) => {
    const request = new Request(SERVER_URL, { method, headers: headers as Record<string, string>, body })
    const response = await fetch(request)
    const metadata = { statusCode: response.status, headers: Object.fromEntries(response.headers) }
    const sent = HttpResponseStream.from(stream, metadata)
    sent.write(await response.text())
    sent.end()
    await once(sent, 'finish')
  })
  return () => invoke(handler, EVENT)
}

function bareServer() {
  return createMcpHandler(() => {
    const server = new McpServer({ name: 'bare', version: '1.0.0' })
    server.registerTool(
      'echo',
      { title: 'Echo', description: 'Says it again.', inputSchema: input, outputSchema: output },
      (given) => ({ content: [{ type: 'text', text: JSON.stringify(given) }], structuredContent: given }),
    )
    return server
  })
}

function runtimeHandler(): () => Promise<string> {
  const echo = defineAbility({
    name: 'echo',
    title: 'Echo',
    description: 'Says it again.',
    scope: 'sample:read',
    input,
    output,
    run: (given) => given,
  })
  const skillset = defineSkillset({
    name: 'sample',
    title: 'Sample',
    instructions: 'For the bench.',
    services: () => ({}),
    abilities: [echo],
  })
  // Its log is written, as it is wherever it runs, and kept nowhere.
  const kept = createWriteStream(devNull)
  const logger = new Logger()
  Object.assign(logger, { console: new Console(kept) })
  const about = { service: 'bench', trace: undefined }
  const handler = serve(skillset, {
    environment: ENVIRONMENT,
    openLog: powertoolsLog(logger),
    audit: openAudit(
      (line) => kept.write(line),
      Date.now,
      () => about,
    ),
    conversation: KEY_ALONE,
  })
  return () => invoke(handler, EVENT)
}
