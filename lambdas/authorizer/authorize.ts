import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda'
import type { Audit } from '../audit/audit.ts'
import { errorChain } from '../shell/error-chain.ts'
import type { JsonLog } from '../shell/json-log.ts'
import { authorizerAnswer } from './authorizer-answer.ts'
import type { Gate, Judgement } from './gate.ts'
import { readRequestFacts } from './request-facts.ts'

/**
 * Makes the Lambda handler of a REST API's REQUEST authorizer. It returns a policy, throws `Unauthorized` (401), or
 * throws anything else where nothing can be decided, of which API Gateway makes AUTHORIZER_FAILURE (503).
 * @param server its name
 */
export function authorizerHandler(
  gate: Gate,
  log: JsonLog,
  audit: Audit,
  server: string,
): (event: APIGatewayRequestAuthorizerEvent) => Promise<APIGatewayAuthorizerResult> {
  return async (event) => {
    const request = { requestId: event.requestContext?.requestId, method: event.httpMethod }
    let judgement: Judgement
    try {
      judgement = await gate(readRequestFacts(event.multiValueHeaders))
    } catch (error) {
      log('ERROR', 'nothing could be decided', { ...request, error: errorChain(error) })
      throw new Error('the gate is unavailable')
    }
    const { decision, token } = judgement
    const { sub, email, tenant, client_id: client, sid: grant } = token?.claims ?? {}
    if (decision.outcome !== 'allow')
      audit('access.refused', {
        ...request,
        server,
        outcome: decision.outcome,
        ...decision.reason,
        sub,
        email,
        tenant,
        client,
        grant,
      })
    return authorizerAnswer(decision, event.methodArn, sub ?? '')
  }
}
