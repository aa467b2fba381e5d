import { Validations } from 'aws-cdk-lib'
import { Effect, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { NetworkConfig } from '../../model/factory-config.ts'
import type { FactoryFunction } from '../function.ts'

/** What Lambda itself does with a function's role to connect it (AWSLambdaVPCAccessExecutionRole, without its logs). */
const NETWORK_INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
]

/**
 * Runs a function in a VPC of the user's. By the ids alone: CloudFormation wants neither the VPC nor its zones, which
 * `ec2.Vpc` would ask for. The function's own code is denied what Lambda needs the role for.
 */
export function joinVpc(target: FactoryFunction, { subnets, securityGroups }: NetworkConfig): void {
  const resource = target.function.node.defaultChild as CfnFunction
  resource.vpcConfig = { subnetIds: subnets, securityGroupIds: securityGroups }
  target.allow(new PolicyStatement({ sid: 'JoinVpc', actions: NETWORK_INTERFACES, resources: ['*'] }))
  Validations.of(target.role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Lambda makes the network interfaces with this role, and Lambda takes * alone; the code is denied them',
  })
  // A policy of its own: the function depends on the role's, which therefore cannot name the function.
  new Policy(target, 'NoNetworkInterfaces', {
    roles: [target.role],
    statements: [
      new PolicyStatement({
        sid: 'LeaveVpcToLambda',
        effect: Effect.DENY,
        actions: NETWORK_INTERFACES,
        resources: ['*'],
        conditions: { ArnEquals: { 'lambda:SourceFunctionArn': target.function.functionArn } },
      }),
    ],
  })
}
