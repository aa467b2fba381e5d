import { CfnOutput, Fn, type Stack } from 'aws-cdk-lib'
import { authorizationStackName, OUTPUTS } from '../model/names.ts'

/** What server stacks know of the AuthorizationStack. None of the four is ever replaced. */
export type AuthorizationOutputs = Readonly<Record<keyof typeof OUTPUTS, string>>

export function declareOutputs(stack: Stack, values: AuthorizationOutputs): void {
  for (const [key, name] of Object.entries(OUTPUTS))
    new CfnOutput(stack, name, { value: values[key as keyof typeof OUTPUTS] }).overrideLogicalId(name)
}

/** By name, not by reference: a reference would add to the other stack's template (PLATFORM 23a). */
export function readOutputs(stage: string): AuthorizationOutputs {
  const stackName = authorizationStackName(stage)
  return {
    issuer: Fn.getStackOutput(stackName, OUTPUTS.issuer),
    tableName: Fn.getStackOutput(stackName, OUTPUTS.tableName),
    tableArn: Fn.getStackOutput(stackName, OUTPUTS.tableArn),
    registrarArn: Fn.getStackOutput(stackName, OUTPUTS.registrarArn),
  }
}
