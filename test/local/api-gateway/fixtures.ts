import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'vitest'

import { createApis } from '../../../local/api-gateway/index.ts'
import { type Stack, UnsupportedError } from '../../../local/stack.ts'
import { inProcess } from './functions.ts'
import { authorizer, gatewayResponse, lambdaProxy, type Properties, permission, restApi } from './stacks.ts'

export const STREAM = { ResponseTransferMode: 'STREAM' }
export const DOMAIN = 'mcp.example.com'

export type GatewayResponseArguments = Parameters<typeof gatewayResponse>

export const ok = () => ({ statusCode: 200, body: 'ok' })

/** `POST /mcp` of the function `tool` behind the authorizer `gate`. */
export function gated(responses: readonly GatewayResponseArguments[] = [], more: Properties = {}): Stack {
  const gate = authorizer(more)
  const resources = [...gate.resources, permission('tool'), ...responses.map((args) => gatewayResponse(...args))]
  return restApi({ 'POST /mcp': lambdaProxy('tool') }, { ...gate, resources })
}

/** `ANY /mcp` of the function `tool`, open to everybody. */
export function open(more: Properties = {}): Stack {
  return restApi({ 'ANY /mcp': lambdaProxy('tool', more) }, { resources: [permission('tool')] })
}

/** What the start says when it refuses these stacks. */
export function refusal(...stacks: Stack[]): string {
  try {
    createApis(stacks, inProcess({}), { log() {} })
  } catch (error) {
    expect(error).toBeInstanceOf(UnsupportedError)
    return String(error)
  }
  throw new Error('nothing was refused')
}

export function fail(message: string): never {
  throw new Error(message)
}

export async function* chunksOf(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

/** A stream whose process dies. */
export async function* broken(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
  await turn()
  throw new Error('the process died')
}
