import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda'
import { errorChain } from '../shell/error-chain.ts'
import type { JsonLog } from '../shell/json-log.ts'
import { authorizerAnswer } from './authorizer-answer.ts'
import type { Gate, Judgement } from './gate.ts'
import { readRequestFacts } from './request-facts.ts'

/**
 * Makes the Lambda handler of a REST API's REQUEST authorizer. It returns a policy, throws `Unauthorized` (401), or
 * throws anything else where nothing can be decided, of which API Gateway makes AUTHORIZER_FAILURE (503).
 */
export function authorizerHandler(
  gate: Gate,
  log: JsonLog,
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
    if (decision.outcome !== 'allow')
      log('INFO', 'access refused', {
        ...request,
        outcome: decision.outcome,
        ...decision.reason,
        sub: token?.claims.sub,
        client: token?.claims.client_id,
        grant: token?.claims.sid,
      })
    return authorizerAnswer(decision, event.methodArn, token?.claims.sub ?? '')
  }
}
