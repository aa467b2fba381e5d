import type { APIGatewayAuthorizerResult } from 'aws-lambda'
import type { Decision } from './decide.ts'

/**
 * What API Gateway is told (PLATFORM 3). Result caching is off, so the policy names the one method asked for and cannot
 * be reused for another (PLATFORM 4).
 * @param methodArn the event's `methodArn`
 * @param principal the person's `sub`
 * @throws Error `Unauthorized`, exactly that: API Gateway makes the 401 with its static challenge of it
 */
export function authorizerAnswer(decision: Decision, methodArn: string, principal: string): APIGatewayAuthorizerResult {
  switch (decision.outcome) {
    case 'allow':
      return policy('Allow', methodArn, principal, { ...decision.context })
    case 'forbidden':
      return policy('Deny', methodArn, principal, decision.challenge ? { challenge: decision.challenge } : {})
    case 'unauthorized':
      throw unauthorized()
  }
}

/** Lambda logs what is thrown: of the most frequent answer one line, not where in the gate it was made. */
function unauthorized(): Error {
  return Object.assign(new Error('Unauthorized'), { stack: 'Error: Unauthorized' })
}

function policy(
  effect: 'Allow' | 'Deny',
  methodArn: string,
  principal: string,
  context: Readonly<Record<string, string>>,
): APIGatewayAuthorizerResult {
  return {
    principalId: principal,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: methodArn }],
    },
    context,
  }
}
