import { resolve } from 'node:path'
import { CfnOutput, Tags } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3'
import { ConfigError } from '../../model/config-error.ts'
import { SAMPLE_DATA_BUCKET_OUTPUT } from '../../model/names.ts'
import type { FilesSource, Need } from '../../model/skillset-declaration.ts'
import type { FactoryFunction } from '../function.ts'
import { PROJECT_ROOT } from '../project-root.ts'
import { acknowledgeObjects, PrivateBucket } from './bucket.ts'
import type { NeedTarget } from './need-target.ts'

/**
 * Files that a skillset reads.
 * @throws ConfigError for a folder where the factory is to be deployed
 */
export function provideFiles(
  target: NeedTarget,
  functions: readonly FactoryFunction[],
  { source }: Extract<Need, { kind: 'files' }>,
): void {
  if ('folder' in source) provideFolder(target, functions, source.folder)
  else provideObjects(target, functions, source)
}

function provideFolder({ server, settings }: NeedTarget, functions: readonly FactoryFunction[], folder: string): void {
  if (!settings.local)
    throw new ConfigError([
      `servers.${server}.options: found the folder ${JSON.stringify(folder)}; allowed where it is deployed: { bucket: 'name', prefix: 'a/' }. A folder is of one machine: npm start`,
    ])
  for (const each of functions) each.function.addEnvironment('DATA_FOLDER', resolve(PROJECT_ROOT, folder))
}

function provideObjects(
  { scope }: NeedTarget,
  functions: readonly FactoryFunction[],
  source: Exclude<FilesSource, { readonly folder: string }>,
): void {
  const { bucket, prefix, arnInFindings } = 'sample' in source ? sampleFiles(scope) : filesThere(scope, source)
  for (const each of functions) {
    each.function.addEnvironment('DATA_BUCKET', bucket.bucketName).addEnvironment('DATA_PREFIX', prefix)
    each.allow(
      new PolicyStatement({
        sid: 'ReadFiles',
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects(`${prefix}*`)],
      }),
      new PolicyStatement({
        sid: 'ListFiles',
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        ...(prefix !== '' && { conditions: { StringLike: { 's3:prefix': `${prefix}*` } } }),
      }),
    )
    acknowledgeObjects(each, `${arnInFindings}/${prefix}*`, 'The files that the config names, to be read alone')
  }
}

interface Objects {
  readonly bucket: IBucket
  readonly prefix: string
  /** The bucket's, as cdk-nag writes it. */
  readonly arnInFindings: string
}

function filesThere(scope: NeedTarget['scope'], { bucket, prefix }: { bucket: string; prefix: string }): Objects {
  const found = Bucket.fromBucketName(scope, 'Files', bucket)
  return { bucket: found, prefix, arnInFindings: `arn:<AWS::Partition>:s3:::${bucket}` }
}

/** By its tag the runner knows what to fill; by the output, the command line. */
function sampleFiles(scope: NeedTarget['scope']): Objects {
  const bucket = new PrivateBucket(scope, 'SampleData')
  Tags.of(bucket).add('content', 'sample-data')
  new CfnOutput(scope, SAMPLE_DATA_BUCKET_OUTPUT, {
    value: bucket.bucketName,
    description: 'Filled by npm run factory -- sample-data',
  })
  return { bucket, prefix: '', arnInFindings: bucket.arnInFindings }
}
