import * as z from 'zod'
import { matchesPattern } from './iam.ts'
import { ignored, parsedResources } from './resource-properties.ts'
import type { Stack } from './stack.ts'

const permissionProperties = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: ignored,
})

/** Which functions an AWS service may invoke by their resource policies: without a permission API Gateway answers 500. */
export class LambdaPermissions {
  readonly #granted: readonly z.infer<typeof permissionProperties>[]

  /** @param principal the service, such as `apigateway.amazonaws.com` */
  constructor(stacks: readonly Stack[], principal: string) {
    this.#granted = parsedResources(stacks, 'AWS::Lambda::Permission', permissionProperties)
      .map(({ properties }) => properties)
      .filter(({ Action, Principal }) => Principal === principal && Action === 'lambda:InvokeFunction')
  }

  /** @param sourceArn what it is invoked for: a method, a route, an authorizer, a rule */
  allow(functionArn: string, sourceArn: string): boolean {
    return this.#granted.some(
      ({ FunctionName, SourceArn }) =>
        FunctionName === functionArn && (SourceArn === undefined || matchesPattern(sourceArn, SourceArn)),
    )
  }
}
