import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, type LifecycleRule } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Need } from '../../model/skillset-declaration.ts'
import type { FactoryFunction } from '../function.ts'
import type { NeedTarget } from './need-target.ts'

/** A bucket of the server's own; what its role may do is bound to the prefixes that expire. */
export function provideBucket(
  { scope }: NeedTarget,
  functions: readonly FactoryFunction[],
  { expireDays }: Extract<Need, { kind: 'bucket' }>,
): void {
  const bucket = new PrivateBucket(
    scope,
    'Bucket',
    Object.entries(expireDays).map(([prefix, days]) => ({ id: prefix, prefix, expiration: Duration.days(days) })),
  )
  const prefixes = Object.keys(expireDays)
  for (const each of functions) {
    each.function.addEnvironment('BUCKET_NAME', bucket.bucketName)
    each.allow(
      new PolicyStatement({
        sid: 'UseOwnObjects',
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
      }),
      // Of the whole bucket, which has nothing else: bound to a prefix, S3 would answer 403 where an object is missing.
      new PolicyStatement({ sid: 'ListOwnObjects', actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    )
    for (const prefix of prefixes)
      acknowledgeObjects(each, `${bucket.arnInFindings}/${prefix}*`, 'Objects of its own bucket, by prefix')
  }
}

/**
 * Nobody names objects one by one in a role: a prefix is as narrow as it gets.
 * @param objects as cdk-nag writes them
 */
export function acknowledgeObjects({ role }: FactoryFunction, objects: string, reason: string): void {
  Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${objects}]`, reason })
}

/**
 * A bucket that outlives its stack: nobody else's, reached by TLS alone, encrypted. Its name is generated, as that of a
 * retained table. Not versioned: nothing in it is written twice.
 */
export class PrivateBucket extends Bucket {
  constructor(scope: Construct, id: string, lifecycleRules: readonly LifecycleRule[] = []) {
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [...lifecycleRules, { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN,
    })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Who reads what is in the audit log; whoever wants every object access has CloudTrail’s data events',
    })
  }

  /** Its ARN as cdk-nag writes it. */
  get arnInFindings(): string {
    return `<${Stack.of(this).getLogicalId(this.node.defaultChild as CfnBucket)}.Arn>`
  }
}
