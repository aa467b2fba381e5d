import { CustomResource, Duration, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { PolicyDocument, ServerDocument } from '../model/documents.ts'

/** Longer than the registrar may run: CloudFormation would wait an hour for an answer that does not come. */
const SERVICE_TIMEOUT = Duration.seconds(120)

/** Writes the `POLICY` item of the factory table. */
export function registerPolicy(scope: Construct, registrarArn: string, policy: PolicyDocument): CustomResource {
  return new CustomResource(scope, 'Policy', {
    serviceToken: registrarArn,
    resourceType: 'Custom::McpPolicy',
    serviceTimeout: SERVICE_TIMEOUT,
    properties: { Policy: JSON.stringify(policy) },
  })
}

/** Writes `SERVER#<name>`, as far as the registrar finds that this stack owns the name. */
export function registerServer(scope: Construct, registrarArn: string, server: ServerDocument): CustomResource {
  return new CustomResource(scope, 'Registration', {
    serviceToken: registrarArn,
    resourceType: 'Custom::McpServer',
    serviceTimeout: SERVICE_TIMEOUT,
    properties: { Registration: Stack.of(scope).toJsonString(server) },
  })
}
