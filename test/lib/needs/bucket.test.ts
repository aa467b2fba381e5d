import { describe, expect, it } from 'vitest'
import { SKILLSETS, sampleConfig, serverTemplate } from '../sample-factory.ts'
import { functionOf, joined, only, resourcesOfType, roleStatements } from '../template-json.ts'

const needs = [
  { kind: 'bucket', expireDays: { 'results/': 1, 'reports/': 90 } },
  { kind: 'schedule', name: 'tidy', everyMinutes: 5 },
] as const
const template = serverTemplate('devops', {
  config: sampleConfig(),
  skillsets: { ...SKILLSETS, devops: { ...SKILLSETS.devops, needs } },
})
const [bucketId] = resourcesOfType(template, 'AWS::S3::Bucket')[0] ?? ['']

describe('a bucket', () => {
  it('is private, encrypted, reached by TLS alone, and outlives its stack', () => {
    expect(only(template, 'AWS::S3::Bucket')).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      },
    })
    const { Statement } = only(template, 'AWS::S3::BucketPolicy').Properties.PolicyDocument
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    )
  })

  it('lets objects go after the days of their prefix, and unfinished uploads after one', () => {
    const rules = only(template, 'AWS::S3::Bucket').Properties.LifecycleConfiguration.Rules
    expect(rules).toEqual([
      expect.objectContaining({ Prefix: 'results/', ExpirationInDays: 1, Status: 'Enabled' }),
      expect.objectContaining({ Prefix: 'reports/', ExpirationInDays: 90, Status: 'Enabled' }),
      expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' }),
    ])
  })

  it.each(['devops', 'devops-tidy'])('is known to %s, whose role reads and writes these prefixes alone', (service) => {
    const { Environment, Role } = functionOf(template, service)[1].Properties
    expect(Environment.Variables.BUCKET_NAME).toEqual({ Ref: bucketId })
    const statements = roleStatements(template)
      .filter(({ role, statement }) => role === Role['Fn::GetAtt'][0] && /Objects$/.test(statement.Sid ?? ''))
      .map(({ statement: { Sid, Action, Resource, Condition } }) => [
        Sid,
        Action,
        [Resource].flat().map(joined),
        Condition,
      ])
    expect(statements).toEqual([
      [
        'UseOwnObjects',
        ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
        [`<${bucketId}.Arn>/reports/*`, `<${bucketId}.Arn>/results/*`],
        undefined,
      ],
      ['ListOwnObjects', 's3:ListBucket', [`<${bucketId}.Arn>`], undefined],
    ])
  })
})
