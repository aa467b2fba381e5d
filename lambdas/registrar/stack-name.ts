import { Refusal } from './refusal.ts'

const STACK_ID = /^arn:[a-z0-9-]+:cloudformation:[a-z0-9-]+:\d{12}:stack\/([A-Za-z][A-Za-z0-9-]{0,127})\/[A-Za-z0-9-]+$/

/**
 * The owner of a registration: the name of the stack that asks, from the `StackId` that CloudFormation itself puts into
 * the event. A stack that was deleted and made again keeps what it owned.
 * @throws Refusal for anything else than a stack's ARN
 */
export function stackName(stackId: string): string {
  const name = STACK_ID.exec(stackId)?.[1]
  if (name === undefined) throw new Refusal('StackId is not the ARN of a stack')
  return name
}
