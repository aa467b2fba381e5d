import { resolve } from 'node:path'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { Command } from 'commander'
import { openBucket } from '../lambdas/runtime/open-bucket.ts'
import { loadConfig } from '../lib/load-config.ts'
import { fillBucket } from '../local/sample-data/fill-bucket.ts'
import { writeParquet } from '../local/sample-data/write-parquet.ts'
import { SAMPLE_DATA_BUCKET_OUTPUT, serverStackName } from '../model/names.ts'
import { awsFailure } from './aws-failure.ts'
import { CommandFailure, EXIT } from './command-failure.ts'
import { declarationsOf, type ServerDeclaration } from './declarations.ts'
import { outputOf, readStack } from './deployed.ts'

const HELP = `
Examples:
  $ npm run factory -- sample-data
  $ npm run factory -- sample-data --server analytics
  $ npm run factory -- sample-data --directory ./data

Two made-up shops' customers, products, orders and visits: a million rows, always the same, in Parquet files of 9 MB.
They go into the bucket of the deployed server whose options say source: { sample: true }, unless it has them already;
npm start does this by itself on one machine. Account and region are those of the AWS environment (AWS_PROFILE,
AWS_REGION), the stage is the config's. Needs cloudformation:DescribeStacks, and s3:GetObject, PutObject and
DeleteObject on the bucket.

Exit codes: 0 the data is there; 1 not deployed, or it could not be written; 2 wrong usage or config.`

interface Options {
  readonly server?: string
  readonly directory?: string
  readonly json?: true
}

interface Done {
  /** Where the files are: a bucket or a folder. */
  readonly to: string
  readonly rows: number
  /** False where they were there already. */
  readonly isNew: boolean
}

/** `sample-data`: something to ask, before there is data of one's own. */
export function sampleDataCommand(): Command {
  return new Command('sample-data')
    .description('Makes the retail sample and uploads it for a deployed data server')
    .option('--server <server>', 'whose sample it is, where several have one')
    .option('--directory <folder>', 'writes the files into a folder, and uploads nothing')
    .option('--json', 'to, rows and isNew as JSON')
    .addHelpText('after', HELP)
    .action(makeSampleData)
}

async function makeSampleData({ server, directory, json }: Options): Promise<void> {
  if (server !== undefined && directory !== undefined)
    throw new CommandFailure('--server: found with --directory; allowed: one of them', EXIT.wrongUsage)
  const done = directory === undefined ? await upload(server) : await write(resolve(directory))
  const { to, rows, isNew } = done
  const count = `${rows.toLocaleString('en')} rows`
  console.log(json ? JSON.stringify(done) : isNew ? `Wrote ${count} to ${to}.` : `${to} has the ${count} already.`)
}

/** @throws CommandFailure naming the folder and what the system said */
async function write(folder: string): Promise<Done> {
  try {
    const { rows } = await writeParquet(folder, 1)
    return { to: folder, rows, isNew: true }
  } catch (error) {
    throw new CommandFailure(`${folder} could not be written: ${(error as Error).message}`, EXIT.failed, {
      cause: error,
    })
  }
}

/** @throws CommandFailure naming what is not deployed, or what S3 said */
async function upload(wanted: string | undefined): Promise<Done> {
  const config = await loadConfig(process.env)
  const server = serverWithSample(wanted, await declarationsOf(config))
  const stack = await readStack(new CloudFormationClient(), serverStackName(config.stage, server))
  const bucket = outputOf(stack, SAMPLE_DATA_BUCKET_OUTPUT)
  try {
    return { to: bucket, ...(await fillBucket(await openBucket(bucket), 1)) }
  } catch (error) {
    throw awsFailure(`${bucket} was not filled.`, error)
  }
}

/** @throws CommandFailure saying which servers have a sample */
function serverWithSample(
  wanted: string | undefined,
  declarations: readonly Pick<ServerDeclaration, 'server' | 'needs'>[],
): string {
  const servers = declarations
    .filter(({ needs }) => needs.some((need) => need.kind === 'files' && 'sample' in need.source))
    .map(({ server }) => server)
  const [only] = servers
  if (only === undefined)
    throw new CommandFailure(
      'No server of the config reads the sample: one does whose options say source: { sample: true }. --directory writes the files into a folder.',
      EXIT.wrongUsage,
    )
  const server = wanted ?? (servers.length === 1 ? only : 'none')
  if (!servers.includes(server))
    throw new CommandFailure(`--server: found ${server}; allowed: ${servers.join(', ')}`, EXIT.wrongUsage)
  return server
}
