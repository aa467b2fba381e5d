import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import * as z from 'zod'
import type { Skillset } from '../../../../lambdas/runtime/define-skillset.ts'
import { serve } from '../../../../lambdas/runtime/serve.ts'
import type { TestPerson } from '../../../../lambdas/runtime/testing.ts'
import { scopesOfLevel } from '../../../../model/scopes.ts'
import { scopesOf } from '../../../../model/skillset-declaration.ts'
import { invoke } from './aws-lambda.ts'
import { KEY_ALONE } from './conversation.ts'
import { admitted, proxyEvent } from './gateway-event.ts'
import { ENVIRONMENT, keptLog } from './sample-skillset.ts'

export interface ConnectAs<Services> {
  /** Holds the everyday scopes unless it says otherwise. */
  readonly as: TestPerson
  /** What the person may ever hold, beside what they do. */
  readonly ceiling?: readonly string[]
  /** In place of those that the skillset would build. */
  readonly services: Services
  /** One that declares what the test needs; otherwise one that declares nothing and speaks the newest revision. */
  readonly client?: Client
}

const newClient = () => new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } })

/**
 * An MCP client (SDK 2) of a whole server, in memory: what it sends goes through the runtime's own handler, with the
 * person as the gate would have let them through.
 */
export async function connect<Services>(
  skillset: Skillset<Services>,
  { as, ceiling = [], services, client = newClient() }: ConnectAs<Services>,
): Promise<Client> {
  const handler = serve(
    // What options and needs are for is there already.
    { ...skillset, options: z.unknown(), needs: [], services: () => services },
    { environment: ENVIRONMENT, ...keptLog(), conversation: KEY_ALONE },
  )
  const { name, scopes = scopesOfLevel(scopesOf(skillset), 'everyday'), id, email, tenant, clientId } = as
  const authorizer = admitted(name, scopes.join(' '), {
    ceiling: [...new Set([...scopes, ...ceiling])].join(' '),
    ...(id !== undefined && { sub: id }),
    ...(email !== undefined && { email }),
    ...(tenant !== undefined && { tenant }),
    ...(clientId !== undefined && { client_id: clientId }),
  })
  const transport = new StreamableHTTPClientTransport(new URL('https://server.invalid/mcp'), {
    async fetch(url, init) {
      const request = new Request(url, init)
      // What the stack answers to GET and DELETE (RS-08).
      if (request.method !== 'POST') return new Response(null, { status: 405 })
      const headers = Object.fromEntries(request.headers)
      const answer = await invoke(handler, proxyEvent({ headers, body: await request.text(), authorizer }))
      return new Response(ReadableStream.from(answer.body), { status: answer.statusCode, headers: answer.headers })
    },
  })
  await client.connect(transport)
  return client
}
