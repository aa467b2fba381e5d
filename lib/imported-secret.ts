import { ArnFormat, SecretValue, Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'

/** A secret that exists before the deployment (`npm run factory -- secrets set …`), known by its name. */
export interface ImportedSecret {
  readonly name: string
  /** Without the six characters that Secrets Manager appends to the name: its API takes the ARN so. */
  readonly arn: string
}

export function importSecret(scope: Construct, name: string): ImportedSecret {
  const arn = Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
  return { name, arn }
}

/** Lets a role read the secret. Six `?` stand for the appended characters, so that no longer name is meant too. */
export function readImportedSecret(sid: string, { arn }: ImportedSecret): PolicyStatement {
  return new PolicyStatement({
    sid,
    actions: ['secretsmanager:GetSecretValue'],
    resources: [`${arn}-??????`],
  })
}

/**
 * One field of the secret as a dynamic reference. It carries the version's id: CloudFormation resolves it at deploy and
 * not again when the secret changes, so that a new version must show as a change of the template (PLATFORM 15a).
 */
export function secretField({ name }: ImportedSecret, field: string, versionId: string): string {
  return SecretValue.secretsManager(name, { jsonField: field, versionId }).unsafeUnwrap()
}
