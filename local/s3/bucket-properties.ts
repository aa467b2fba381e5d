import * as z from 'zod'
import { ignored, label, parsedResources } from '../resource-properties.ts'
import { type Stack, UnsupportedError } from '../stack.ts'
import type { ExpiryRule } from './object-store.ts'

const lifecycleRule = z.strictObject({
  Id: z.string().optional(),
  Status: z.literal('Enabled'),
  Prefix: z.string().default(''),
  ExpirationInDays: z.int().optional(),
  // Nothing here uploads in parts.
  AbortIncompleteMultipartUpload: ignored,
})

const bucketProperties = z.strictObject({
  BucketName: z.string().optional(),
  LifecycleConfiguration: z.strictObject({ Rules: z.array(lifecycleRule) }).optional(),
  // Nobody is let in without a signature, and what is on this disk its owner alone reads.
  PublicAccessBlockConfiguration: ignored,
  BucketEncryption: ignored,
  Tags: ignored,
})

/** Loopback has no TLS: what CDK denies without it is left out here. A policy that says more is not stood for. */
const bucketPolicy = z.strictObject({
  Bucket: z.string(),
  PolicyDocument: z.object({
    Statement: z.array(z.object({ Effect: z.string(), Condition: z.record(z.string(), z.unknown()).optional() })),
  }),
})
const OF_TLS = ['aws:SecureTransport', 's3:TlsVersion']

/**
 * The buckets of all stacks by name, with the rules by which their objects go.
 * @throws UnsupportedError for a property or a policy that the runner does not stand for
 */
export function bucketsOf(stacks: readonly Stack[]): Map<string, ExpiryRule[]> {
  for (const { resource, properties } of parsedResources(stacks, 'AWS::S3::BucketPolicy', bucketPolicy))
    for (const { Effect, Condition = {} } of properties.PolicyDocument.Statement) {
      const keys = Object.values(Condition).flatMap((condition) => Object.keys(condition as object))
      if (Effect !== 'Deny' || keys.length === 0 || !keys.every((key) => OF_TLS.includes(key)))
        throw new UnsupportedError(`${label(resource)}: a statement about more than TLS`)
    }
  return new Map(
    parsedResources(stacks, 'AWS::S3::Bucket', bucketProperties).map(({ resource, properties }) => [
      resource.physicalId,
      (properties.LifecycleConfiguration?.Rules ?? []).flatMap(({ Prefix, ExpirationInDays }) =>
        ExpirationInDays === undefined ? [] : [{ prefix: Prefix, days: ExpirationInDays }],
      ),
    ]),
  )
}
