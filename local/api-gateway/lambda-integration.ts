import * as z from 'zod'

import type { Invocation } from '../invocation.ts'
import type { Answer } from './answer.ts'
import { type HeaderList, integrationResponseHeaders, mediaType, withDefault } from './headers.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()])
const status = z.coerce.number().int().min(200).max(599)
const cookies = z.array(z.string()).nullish()
const singleHeaders = z.record(z.string(), scalar).nullish()
const multiValueHeaders = z.record(z.string(), z.array(scalar)).nullish()

const restOutput = z.strictObject({
  statusCode: status,
  headers: singleHeaders,
  multiValueHeaders,
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
})

const httpOutput = z.object({
  statusCode: status,
  headers: singleHeaders,
  cookies,
  body: scalar.nullish(),
  isBase64Encoded: z.boolean().nullish(),
})

/** What a streamed answer begins with (PLATFORM 5). */
export const streamMetadata = z.strictObject({
  statusCode: z.number().int().min(200).max(599).default(200),
  headers: singleHeaders,
  multiValueHeaders,
  cookies,
})

/** Why an invocation gives no answer: the client is told nothing, the log everything. */
export interface Malformed {
  readonly malformed: string
}

/**
 * A buffered REST proxy answer (PLATFORM 8): anything but the documented form is malformed, unknown keys included.
 * @param accept the client's Accept header, whose first media type decides whether base64 is decoded
 */
export function restProxyAnswer(
  invocation: Invocation,
  accept: string | undefined,
  binaryMediaTypes: readonly string[],
): Answer | Malformed {
  if (invocation.kind !== 'returned') return malformed(invocation)
  const parsed = restOutput.safeParse(invocation.payload)
  if (!parsed.success) return { malformed: z.prettifyError(parsed.error) }
  const { statusCode, body, isBase64Encoded } = parsed.data
  const binary = isBase64Encoded === true && isBinary(mediaType(accept) ?? '*/*', binaryMediaTypes)
  return {
    status: statusCode,
    headers: answeredHeaders(parsed.data, 'application/json'),
    body: Buffer.from(body ?? '', binary ? 'base64' : 'utf8'),
  }
}

/** An HTTP API's answer in format 2.0, or inferred from what the function returned when it names no status. */
export function httpProxyAnswer(invocation: Invocation): Answer | Malformed {
  if (invocation.kind !== 'returned') return malformed(invocation)
  const { payload } = invocation
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload)) {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload ?? null)
    return { status: 200, headers: [['Content-Type', 'application/json']], body: Buffer.from(text) }
  }
  const parsed = httpOutput.safeParse(payload)
  if (!parsed.success) return { malformed: z.prettifyError(parsed.error) }
  const { statusCode, body, isBase64Encoded } = parsed.data
  return {
    status: statusCode,
    headers: answeredHeaders(parsed.data, 'text/plain;charset=UTF-8'),
    body: Buffer.from(String(body ?? ''), isBase64Encoded ? 'base64' : 'utf8'),
  }
}

/** A function's headers as the client sees them: both maps in one list, a pair that is in both once; then the cookies. */
export function answeredHeaders(
  { headers, multiValueHeaders, cookies }: Partial<z.infer<typeof streamMetadata>>,
  contentType: string,
): HeaderList {
  const many = Object.entries(multiValueHeaders ?? {}).flatMap(([name, values]) =>
    values.map((value) => [name, String(value)] as const),
  )
  const one = Object.entries(headers ?? {})
    .map(([name, value]) => [name, String(value)] as const)
    .filter(([name, value]) => !many.some((pair) => pair[0] === name && pair[1] === value))
  return [
    ...withDefault(integrationResponseHeaders([...one, ...many]), 'Content-Type', contentType),
    ...(cookies ?? []).map((cookie) => ['Set-Cookie', cookie] as const),
  ]
}

/** Whether a media type is one of a REST API's BinaryMediaTypes, wildcards included. */
export function isBinary(type: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  if (type === undefined) return binaryMediaTypes.includes('*/*')
  return binaryMediaTypes.some(
    (binary) => binary === '*/*' || binary === type || (binary.endsWith('/*') && type.startsWith(binary.slice(0, -1))),
  )
}

/** What did not come in the way that the integration is configured for. */
export function malformed(invocation: Invocation): Malformed {
  switch (invocation.kind) {
    case 'failed':
      return { malformed: `${invocation.reason}: ${invocation.errorType}: ${invocation.errorMessage}` }
    case 'streaming':
      return { malformed: 'a streamed response where a buffered one is configured' }
    case 'returned':
      return { malformed: 'a buffered response where a streamed one is configured' }
  }
}
