import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { Backend } from '../../../lambdas/proxy/environment.ts'
import { proxyHandler } from '../../../lambdas/proxy/proxy.ts'
import type { AuthorizerContext } from '../../../model/authorizer-context.ts'
import { type InvokedResponse, invoke } from '../runtime/support/aws-lambda.ts'
import { admitted, type EventParts, proxyEvent } from '../runtime/support/gateway-event.ts'
import { type Answer, answerOf, handshakeRequest } from '../runtime/support/mcp-message.ts'
import { keptLog } from '../runtime/support/sample-skillset.ts'

export const ABILITIES = { '*': 'wiki:use', write_page: 'wiki:write', delete_page: 'wiki:delete' }

/** Somebody who holds everything. */
export const BOB = admitted('bob', 'wiki:use wiki:write wiki:delete')
/** Somebody who may never delete. */
export const ALICE = admitted('alice', 'wiki:use wiki:write')

export interface SampleProxyOptions {
  readonly backend?: Partial<Backend>
  /** Without: a public server. */
  readonly abilities?: Readonly<Record<string, string>> | undefined
  readonly readSecret?: () => Promise<string | undefined>
}

/** The handler of a proxy to a URL, its log, and a clock to move. */
export function sampleProxy(url: string, options: SampleProxyOptions = {}) {
  const { lines, ...kept } = keptLog()
  let passed = 0
  const handler = proxyHandler({
    environment: {
      serverName: 'wiki',
      allowedOrigins: ['https://app.example.com'],
      backend: {
        url: new URL(url),
        headers: {},
        secretHeaders: [],
        timeout: 5_000,
        health: undefined,
        ...options.backend,
      },
      abilities: 'abilities' in options ? options.abilities : ABILITIES,
      provider: 'google',
    },
    readSecret: options.readSecret ?? (async () => undefined),
    now: () => Date.now() + passed,
    ...kept,
  })
  const pass = (seconds: number) => {
    passed += seconds * 1000
  }
  return { handler, lines, pass }
}

type Handler = ReturnType<typeof sampleProxy>['handler']

export interface Sent extends Partial<EventParts> {
  readonly suffix?: string
  readonly query?: Readonly<Record<string, string[]>>
  readonly resource?: string
  /** Milliseconds that the function has left. */
  readonly remaining?: number
}

/** Sends one request and leaves the body to be read. */
export function open(
  handler: Handler,
  { suffix, query, resource, remaining, ...parts }: Sent,
): Promise<InvokedResponse> {
  const event: APIGatewayProxyEvent = {
    ...proxyEvent({ authorizer: BOB, ...parts }),
    ...(resource !== undefined && { resource }),
    ...(query && { multiValueQueryStringParameters: query }),
    ...(suffix !== undefined && { resource: '/mcp/{proxy+}', pathParameters: { proxy: suffix } }),
  }
  return invoke(handler, event, remaining)
}

/** Sends a 2025-11-25 request as somebody. */
export async function ask(
  handler: Handler,
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  { headers, ...sent }: Sent & { readonly authorizer?: AuthorizerContext | undefined } = {},
): Promise<Answer> {
  const request = handshakeRequest(method, params)
  const body = JSON.stringify(request.message)
  return answerOf(await open(handler, { body, ...sent, headers: { ...request.headers, ...headers } }))
}

/** The `data.code` of an answer's error. */
export const codeOf = ({ messages }: Answer): string => messages[0]?.error?.data?.code
