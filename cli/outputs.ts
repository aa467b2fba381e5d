import { styleText } from 'node:util'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { Command } from 'commander'
import { loadConfig } from '../lib/load-config.ts'
import { authorizationStackName, OUTPUTS, RESOURCE_OUTPUT, serverStackName } from '../model/names.ts'
import { declarationsOf } from './declarations.ts'
import { outputOf, readStack } from './deployed.ts'
import { localFactory } from './local-factory.ts'
import { readServerList } from './server-list.ts'

const HELP = `
Examples:
  $ npm run factory -- outputs
  $ FACTORY_STAGE=staging npm run factory -- outputs
  $ npm run factory -- outputs --local
  $ npm run --silent factory -- outputs --json

Reads the stacks of factory.config.ts in CloudFormation (cloudformation:DescribeStacks); account and region are those of
the AWS environment (AWS_PROFILE, AWS_REGION), the stage is the config's.

Exit codes: 0 printed; 1 not deployed, or CloudFormation could not be asked; 2 wrong usage or config.`

interface Outputs {
  readonly issuer: string
  readonly servers: readonly OutputServer[]
}

interface OutputServer {
  readonly name: string
  readonly title: string
  /** What MCP clients connect to; absent where the stack is not there yet. */
  readonly url?: string | undefined
  /** Of its stack, in CloudFormation's words; of a local one `running`. */
  readonly status: string
}

/** `outputs`: the URLs to hand out. */
export function outputsCommand(): Command {
  return new Command('outputs')
    .alias('deployed')
    .description('Lists what is deployed: the URL, title and stack status of every server')
    .option('--local', 'of the factory that npm start runs in this directory')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(printOutputs)
}

async function printOutputs({ local, json }: { readonly local?: true; readonly json?: true }): Promise<void> {
  const outputs = local ? await localOutputs() : await deployedOutputs()
  process.stdout.write(json ? `${JSON.stringify(outputs)}\n` : written(outputs))
}

async function localOutputs(): Promise<Outputs> {
  const { issuer } = localFactory()
  const servers = await readServerList(issuer)
  return { issuer, servers: servers.map(({ name, title, resource: url }) => ({ name, title, url, status: 'running' })) }
}

/** @throws CommandFailure where the authorization server is not deployed: no server works without it */
async function deployedOutputs(): Promise<Outputs> {
  const config = await loadConfig(process.env)
  const client = new CloudFormationClient()
  const authorization = await readStack(client, authorizationStackName(config.stage))
  const issuer = outputOf(authorization, OUTPUTS.issuer)
  const servers = (await declarationsOf(config)).map(async ({ server: name, title }) => {
    const { status, outputs } = await readStack(client, serverStackName(config.stage, name))
    return { name, title, url: outputs[RESOURCE_OUTPUT], status }
  })
  return { issuer, servers: await Promise.all(servers) }
}

function written({ issuer, servers }: Outputs): string {
  const width = (values: readonly string[]) => Math.max(...values.map(({ length }) => length))
  const names = width(servers.map(({ name }) => name))
  const titles = width(servers.map(({ title }) => title))
  const bold = (text: string) => styleText('bold', text, { stream: process.stdout })
  return `${[
    `Authorization server: ${bold(issuer)}`,
    '',
    ...servers.map(
      ({ name, title, url, status }) =>
        `${name.padEnd(names)}  ${title.padEnd(titles)}  ${bold(url ?? '-')}  ${status}`,
    ),
    '',
    'An MCP client takes a server’s URL and finds everything else.',
  ].join('\n')}\n`
}
