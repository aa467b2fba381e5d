import type { Need } from '../../model/skillset-declaration.ts'
import type { ServiceTools, Skillset } from './define-skillset.ts'
import type { Environment } from './environment.ts'
import { fetchSecret } from './fetch-secret.ts'
import { once } from './once.ts'
import { openBucket } from './open-bucket.ts'
import { openTable } from './open-table.ts'

/**
 * Builds a skillset's services at the first call of an ability, once per instance; after a failure the next call tries
 * again.
 */
export function lazyServices<Services>(
  skillset: Skillset<Services>,
  environment: Environment,
  now: () => number,
): () => Promise<Services> {
  return once(() => buildServices(skillset, environment, now))
}

async function buildServices<Services>(
  skillset: Skillset<Services>,
  { issuer, options, needs, tableName, bucketName, files, athena, secretArns }: Environment,
  now: () => number,
): Promise<Services> {
  const tools = {
    issuer,
    options,
    ...(tableName !== undefined && { table: await openTable(tableName, now) }),
    ...(bucketName !== undefined && { bucket: await openBucket(bucketName) }),
    ...(files !== undefined && { files }),
    ...(athena !== undefined && { athena }),
    secret: (name: string) => readSecret(name, secretArns.get(name), isOptional(needs, name)),
  }
  return await skillset.services(tools as ServiceTools<readonly Need[], unknown>)
}

const isOptional = (needs: readonly Need[], secret: string) =>
  needs.some((need) => need.kind === 'secret' && need.name === secret && need.optional)

async function readSecret(name: string, arn: string | undefined, optional: boolean): Promise<string | undefined> {
  const value = arn === undefined ? undefined : await fetchSecret(name, arn)
  if (value === undefined && !optional) throw new Error(`secret ${name} has no value`)
  return value
}
