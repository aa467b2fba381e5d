import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../../lib/project-root.ts'
import type { Made } from './generators.ts'
import { synthesizedStacks } from './synthesized-stacks.ts'

const PAGE = 'docs/deploy.md'
const SECTION = /(<!-- made by docs\/make\/permissions\.ts -->\n)[\s\S]*?(<!-- end -->)/

/** IAM's names of the services whose resources templates hold. */
const SERVICES: Readonly<Record<string, string>> = {
  ApiGateway: 'apigateway',
  ApiGatewayV2: 'apigateway',
  Cognito: 'cognito-idp',
  DynamoDB: 'dynamodb',
  Events: 'events',
  IAM: 'iam',
  Lambda: 'lambda',
  Logs: 'logs',
  S3: 's3',
  SecretsManager: 'secretsmanager',
}

/** What CloudFormation touches in a deployment of the config as shipped, by service. */
export async function make(): Promise<Made> {
  const types = (await synthesizedStacks())
    .flatMap(({ template }) => Object.values(template.Resources))
    .map(({ Type }) => Type)
    // CDK's own note, and what the registrar answers: a function that is called.
    .filter((type) => type.startsWith('AWS::') && type !== 'AWS::CDK::Metadata')
  const byService = Map.groupBy(new Set(types), serviceOf)
  const rows = [...byService]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(
      ([service, found]) =>
        `| \`${service}:*\` | ${found
          .sort()
          .map((type) => type.slice(5))
          .join(', ')} |`,
    )
  const section = `| allow | for |\n| --- | --- |\n${rows.join('\n')}\n`
  const page = await readFile(join(PROJECT_ROOT, PAGE), 'utf8')
  return { [PAGE]: page.replace(SECTION, (_all, begin: string, end: string) => `${begin}${section}${end}`) }
}

/** @throws Error for a type whose service is not known here */
function serviceOf(type: string): string {
  const service = SERVICES[type.split('::')[1] ?? '']
  if (service === undefined) throw new Error(`${type}: which service is it in IAM?`)
  return service
}
