import * as z from 'zod'

import { evaluate, statement } from '../iam.ts'
import type { Invocation } from '../invocation.ts'
import { ignored, label } from '../resource-properties.ts'
import { type Resource, UnsupportedError } from '../stack.ts'
import type { Gateway } from './api.ts'
import { within } from './deadline.ts'
import { executeApiArn } from './execute-api-arn.ts'
import { compileExpression, type Variables } from './expressions.ts'
import type { GatewayResponseType, Refusal } from './gateway-response.ts'
import type { GatewayRequest } from './request.ts'
import { authorizerEvent, methodSource, type RestRoute } from './rest-event.ts'

/** PLATFORM 3 */
const LIMIT_MILLISECONDS = 10_000

export const authorizerProperties = z.strictObject({
  RestApiId: z.string(),
  Name: ignored,
  Type: z.literal('REQUEST'),
  AuthorizerUri: z.string(),
  /** PLATFORM 23c: CDK writes '' for no source at all, which is no expression. */
  IdentitySource: z.string().min(1).optional(),
  AuthorizerResultTtlInSeconds: z.number().min(0).max(3600).default(300),
})

/** Everything a string, but for `integrationLatency`, which API Gateway adds as a number. */
export type AuthorizerContext = Readonly<Record<string, string | number | null>>

/** What an authorizer function's answer means, before its policy is held against a method. */
export type AuthorizerResult =
  | { readonly policy: Policy; readonly context: AuthorizerContext }
  | { readonly response: GatewayResponseType; readonly reason: string }

const policyStatement = statement.omit({ Condition: true })
const output = z.object({
  principalId: z.string(),
  policyDocument: z.object({ Statement: z.union([policyStatement, z.array(policyStatement)]) }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullish(),
})
type Policy = readonly z.infer<typeof policyStatement>[]

/** A REQUEST authorizer: asks its function, and keeps what it said as long as its TTL says (PLATFORM 3, 4). */
export class Authorizer {
  readonly #functionArn: string
  readonly #permissionSource: string
  readonly #timeToLive: number
  readonly #identity: readonly ((variables: Variables) => string | undefined)[]
  readonly #kept = new Map<string, { readonly result: AuthorizerResult; readonly until: number }>()

  /** @throws UnsupportedError for an identity source that is no expression */
  constructor(resource: Resource, properties: z.infer<typeof authorizerProperties>, functionArn: string) {
    this.#functionArn = functionArn
    this.#permissionSource = executeApiArn(`${properties.RestApiId}/authorizers/${resource.physicalId}`)
    this.#timeToLive = properties.AuthorizerResultTtlInSeconds * 1000
    this.#identity = (properties.IdentitySource?.split(',') ?? []).map((expression) => {
      if (expression.includes("'")) throw new UnsupportedError(`${label(resource)}: IdentitySource ${expression}`)
      return compileExpression(expression.trim(), `${label(resource)} IdentitySource`)
    })
  }

  async authorize(
    request: GatewayRequest,
    route: RestRoute,
    variables: Variables,
    gateway: Gateway,
  ): Promise<{ readonly context: AuthorizerContext } | Refusal> {
    const startedAt = gateway.now()
    const identity = this.#identity.map((evaluated) => evaluated(variables))
    if (!identity.every(Boolean)) return { response: 'UNAUTHORIZED' }
    const methodArn = executeApiArn(methodSource(route, request.method, route.methodPath))
    const key = JSON.stringify(identity)
    const kept = this.#kept.get(key)
    const result =
      kept && kept.until > startedAt
        ? kept.result
        : await this.#ask(authorizerEvent(request, route, methodArn), gateway)
    if ('response' in result) {
      const { response, reason } = result
      return { response, ...(response !== 'UNAUTHORIZED' && { reason: `authorizer: ${reason}` }) }
    }
    if (this.#timeToLive > 0 && result !== kept?.result)
      this.#kept.set(key, { result, until: startedAt + this.#timeToLive })
    const context = { ...result.context, integrationLatency: gateway.now() - startedAt }
    switch (evaluate(result.policy, 'execute-api:Invoke', methodArn)) {
      case 'allowed':
        return { context }
      case 'denied':
        return { response: 'ACCESS_DENIED', context }
      case 'not allowed':
        return { response: 'ACCESS_DENIED', message: 'User is not authorized to access this resource', context }
    }
  }

  async #ask(event: object, { lambda, permissions }: Gateway): Promise<AuthorizerResult> {
    if (!permissions.allow(this.#functionArn, this.#permissionSource))
      return { response: 'AUTHORIZER_CONFIGURATION_ERROR', reason: `no permission to invoke ${this.#functionArn}` }
    return readAuthorizerResult(await within(LIMIT_MILLISECONDS, lambda.invoke(this.#functionArn, event)))
  }
}

/** Reads what an authorizer function answered (PLATFORM 3). Pure. */
export function readAuthorizerResult(invocation: Invocation | 'late'): AuthorizerResult {
  if (invocation === 'late') return { response: 'AUTHORIZER_FAILURE', reason: 'no answer within 10 s' }
  if (invocation.kind === 'failed') {
    const { errorType, errorMessage } = invocation
    const response = errorMessage === 'Unauthorized' ? 'UNAUTHORIZED' : 'AUTHORIZER_FAILURE'
    return { response, reason: `${errorType}: ${errorMessage}` }
  }
  const parsed = output.safeParse(invocation.kind === 'returned' ? invocation.payload : undefined)
  if (!parsed.success) return { response: 'AUTHORIZER_CONFIGURATION_ERROR', reason: z.prettifyError(parsed.error) }
  const { principalId, policyDocument, context } = parsed.data
  const strings = Object.entries(context ?? {}).map(([key, value]) => [key, value === null ? null : String(value)])
  return { policy: [policyDocument.Statement].flat(), context: { ...Object.fromEntries(strings), principalId } }
}
