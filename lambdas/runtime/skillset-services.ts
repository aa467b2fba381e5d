import type { Need } from '../../model/skillset-declaration.ts'
import { AWS_CLIENT } from '../store/aws-client.ts'
import type { ServiceTools, Skillset } from './define-skillset.ts'
import type { Environment } from './environment.ts'
import { fetchSecret } from './fetch-secret.ts'

/**
 * Builds a skillset's services at the first call of an ability, once per instance. A failure is not kept: the next call
 * tries again.
 */
export function lazyServices<Services>(
  skillset: Skillset<Services>,
  environment: Environment,
  now: () => number,
): () => Promise<Services> {
  let building: Promise<Services> | undefined
  return () => {
    building ??= buildServices(skillset, environment, now).catch((error: unknown) => {
      building = undefined
      throw error
    })
    return building
  }
}

async function buildServices<Services>(
  skillset: Skillset<Services>,
  { issuer, options, tableName, secretArns }: Environment,
  now: () => number,
): Promise<Services> {
  const tools = {
    issuer,
    options,
    ...(tableName !== undefined && { table: await openTable(tableName, now) }),
    secret: (name: string) => readSecret(name, secretArns.get(name), isOptional(skillset.needs, name)),
  }
  return await skillset.services(tools as ServiceTools<readonly Need[], unknown>)
}

// Both clients are loaded where they are used: a skillset without a table does not pay for one (60 ms, PLATFORM 31).
async function openTable(name: string, now: () => number) {
  const [{ DynamoDBClient }, { Table }] = await Promise.all([import('@aws-sdk/client-dynamodb'), import('./table.ts')])
  return new Table(new DynamoDBClient(AWS_CLIENT), name, now)
}

const isOptional = (needs: readonly Need[], secret: string) =>
  needs.some((need) => need.kind === 'secret' && need.name === secret && need.optional)

async function readSecret(name: string, arn: string | undefined, optional: boolean): Promise<string | undefined> {
  const value = arn === undefined ? undefined : await fetchSecret(name, arn)
  if (value === undefined && !optional) throw new Error(`secret ${name} has no value`)
  return value
}
