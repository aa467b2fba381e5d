import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import { loadConfig } from '../lib/load-config.ts'
import { authorizationStackName } from '../model/names.ts'
import { awsFailure } from './aws-failure.ts'
import { CommandFailure } from './command-failure.ts'

/** A stack as far as it is there. `outputs` by name. */
export interface DeployedStack {
  readonly name: string
  /** CloudFormation's own word, or that there is none. */
  readonly status: string
  readonly outputs: Readonly<Record<string, string>>
}

const NOT_DEPLOYED = 'not deployed'

/**
 * What CloudFormation says of a stack.
 * @throws CommandFailure where it cannot be asked
 */
export async function readStack(client: Pick<CloudFormationClient, 'send'>, name: string): Promise<DeployedStack> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }))
    return { name, status: Stacks[0]?.StackStatus ?? NOT_DEPLOYED, outputs: outputsOf(Stacks[0]) }
  } catch (error) {
    if (isMissing(error)) return { name, status: NOT_DEPLOYED, outputs: {} }
    throw awsFailure(`The stack ${name} could not be read.`, error)
  }
}

/**
 * An output of the authorization stack of the config's stage, in the account and region of the environment.
 * @throws CommandFailure, ConfigError
 */
export async function authorizationOutput(output: string): Promise<string> {
  const { stage } = await loadConfig(process.env)
  return outputOf(await readStack(new CloudFormationClient(), authorizationStackName(stage)), output)
}

/** @throws CommandFailure where the stack is not deployed, or not as this config describes it */
export function outputOf({ name, status, outputs }: DeployedStack, output: string): string {
  const value = outputs[output]
  if (value === undefined)
    throw new CommandFailure(
      `${name} is ${status} in this account and region, and has no output ${output}.\n` +
        'AWS_PROFILE and AWS_REGION choose them, the config the stage; npx cdk deploy --all deploys.',
    )
  return value
}

/** The error has no name of its own: `Stack with id … does not exist` is a ValidationError like any other. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof CloudFormationServiceException &&
    error.name === 'ValidationError' &&
    /does not exist$/.test(error.message)
  )
}

function outputsOf(stack: Stack | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (stack?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  )
}
