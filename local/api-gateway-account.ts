import * as z from 'zod'
import type { Role } from './iam.ts'
import { parsedResources } from './resource-properties.ts'
import type { Stack } from './stack.ts'
import { StartError } from './start-error.ts'

const account = z.strictObject({ CloudWatchRoleArn: z.string() })
const PUSH_TO_CLOUDWATCH = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs'

/**
 * API Gateway's right to write logs.
 * @throws StartError in CloudFormation's words where the role does not give it
 */
export function assertApiGatewayMayLog(stacks: readonly Stack[], roles: ReadonlyMap<string, Role>): void {
  for (const { resource, properties } of parsedResources(stacks, 'AWS::ApiGateway::Account', account)) {
    const role = roles.get(properties.CloudWatchRoleArn)
    if (!role?.trusted.includes('apigateway.amazonaws.com') || !role.managedPolicies.includes(PUSH_TO_CLOUDWATCH))
      throw new StartError(
        `${resource.logicalId}: The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.`,
      )
  }
}
