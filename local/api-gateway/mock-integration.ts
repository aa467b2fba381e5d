import * as z from 'zod'

import { label } from '../resource-properties.ts'
import { type Resource, UnsupportedError } from '../stack.ts'
import type { Answer } from './answer.ts'
import { compileHeaders, type Variables } from './expressions.ts'
import type { GatewayResponseType } from './gateway-response.ts'
import { headerValue, mediaType, withDefault } from './headers.ts'
import { texts, theOnly } from './properties.ts'

/** One template for requests and one response: what a fixed answer needs. */
const JSON_TYPE = 'application/json'

export const mockIntegrationProperties = z.strictObject({
  Type: z.literal('MOCK'),
  PassthroughBehavior: z.literal('NEVER'),
  RequestTemplates: z.strictObject({ [JSON_TYPE]: z.string().regex(/statusCode["']?\s*:\s*\d{3}/) }),
  IntegrationResponses: z.array(
    z.strictObject({
      StatusCode: z.string(),
      ResponseParameters: texts.default({}),
      ResponseTemplates: z.strictObject({ [JSON_TYPE]: z.string() }).default({ [JSON_TYPE]: '' }),
    }),
  ),
})

/** A method's declared responses: without a declaration an integration response may not use a status or header. */
export const methodResponses = z
  .array(
    z.strictObject({
      StatusCode: z.string(),
      ResponseParameters: z.record(z.string(), z.boolean()).default({}),
    }),
  )
  .default([])

/**
 * A MOCK integration that gives one fixed answer (PLATFORM 9).
 * @throws UnsupportedError where a template has live VTL, or the method does not declare what the response uses
 */
export function mockIntegration(
  resource: Resource,
  { RequestTemplates, IntegrationResponses }: z.infer<typeof mockIntegrationProperties>,
  declared: z.infer<typeof methodResponses>,
): (variables: Variables) => Answer | GatewayResponseType {
  const response = theOnly(IntegrationResponses, `${label(resource)}: IntegrationResponses`)
  const { StatusCode, ResponseParameters, ResponseTemplates } = response
  const declaration = declared.find((each) => each.StatusCode === StatusCode)
  if (!declaration) throw new UnsupportedError(`${label(resource)}: no MethodResponse ${StatusCode}`)
  for (const target of Object.keys(ResponseParameters))
    if (!(target in declaration.ResponseParameters))
      throw new UnsupportedError(`${label(resource)}: ${target} is not declared for ${StatusCode}`)
  for (const text of [RequestTemplates[JSON_TYPE], ResponseTemplates[JSON_TYPE]])
    if (/[$#]/.test(text)) throw new UnsupportedError(`${label(resource)}: live VTL ($ or #) in a MOCK template`)
  const headers = compileHeaders(ResponseParameters, 'method.response.header.', label(resource))
  const body = Buffer.from(ResponseTemplates[JSON_TYPE])

  return (variables) => {
    const given = mediaType(headerValue(variables.request.headers, 'Content-Type')) ?? JSON_TYPE
    if (given !== JSON_TYPE) return 'UNSUPPORTED_MEDIA_TYPE'
    return { status: Number(StatusCode), headers: withDefault(headers(variables), 'Content-Type', JSON_TYPE), body }
  }
}
