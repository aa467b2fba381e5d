import * as z from 'zod'

import { matchesPattern } from '../iam.ts'
import { ignored, parsedResources } from '../resource-properties.ts'
import { ACCOUNT, REGION } from '../resource-types.ts'
import type { Stack } from '../stack.ts'

const permissionProperties = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: ignored,
})

/** Who may invoke whom by the functions' resource policies: without a permission API Gateway answers 500. */
export class LambdaPermissions {
  readonly #granted: readonly z.infer<typeof permissionProperties>[]

  /** @param principal the AWS service that invokes */
  constructor(stacks: readonly Stack[], principal = 'apigateway.amazonaws.com') {
    this.#granted = parsedResources(stacks, 'AWS::Lambda::Permission', permissionProperties)
      .map(({ properties }) => properties)
      .filter(({ Action, Principal }) => Principal === principal && Action === 'lambda:InvokeFunction')
  }

  /** @param source what follows the account in an ARN of `execute-api`: a method's, a route's or an authorizer's */
  allow(functionArn: string, source: string): boolean {
    return this.allowArn(functionArn, executeApiArn(source))
  }

  /** @param sourceArn what it is invoked for: a rule, for one */
  allowArn(functionArn: string, sourceArn: string): boolean {
    return this.#granted.some(
      ({ FunctionName, SourceArn }) =>
        FunctionName === functionArn && (SourceArn === undefined || matchesPattern(sourceArn, SourceArn)),
    )
  }
}

/** @param source such as `<api>/<stage>/POST/mcp` */
export function executeApiArn(source: string): string {
  return `arn:aws:execute-api:${REGION}:${ACCOUNT}:${source}`
}
