import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Statements } from '../../../lambdas/skillsets/data/engines/athena/statements.ts'
import { ADMINISTRATOR, evaluate, type Principal, statement } from '../../../local/iam.ts'
import { ACCOUNT, REGION } from '../../../local/resource-types.ts'
import type { Need } from '../../../model/skillset-declaration.ts'
import {
  ACCESS,
  DATASETS,
  databaseOf,
  going,
  LIMITS,
  type Scene,
  startScene,
} from '../../lambdas/skillsets/data/engines/athena/scene.ts'
import { attemptedSql, type EscapeAttempt } from '../../lambdas/skillsets/data/escapes/attempt.ts'
import { attemptsFor } from '../../lambdas/skillsets/data/escapes/corpus.ts'
import { PARTNER_SECRET, TENANT } from '../../lambdas/skillsets/data/escapes/scene.ts'
import { SKILLSETS, sampleConfig, serverTemplate } from '../sample-factory.ts'
import { joined, roleStatements } from '../template-json.ts'

const PLACES = { file: 's3://lake/partner/secret.csv', folder: 's3://elsewhere/', other: databaseOf('partner') }

/** The role that synth makes for the tenant of the scene, whose data sets those of the scene are. */
function synthesizedRole(): Principal {
  const need: Need = { kind: 'athena', source: { bucket: 'lake', prefix: '' }, tables: DATASETS, scanMegabytes: 500 }
  const template = serverTemplate('data', {
    config: sampleConfig({ servers: { data: { skillset: 'devops' } } }),
    skillsets: { ...SKILLSETS, devops: { ...SKILLSETS.devops, needs: [need] } },
  })
  const inWords = (resource: unknown) =>
    joined(resource)
      .replace('<AWS::Partition>', 'aws')
      .replace('<AWS::Region>', REGION)
      .replace('<AWS::AccountId>', ACCOUNT)
  const statements = roleStatements(template)
    .filter(({ role }) => role.startsWith(`Athena${TENANT}Role`))
    .map((each) => statement.parse({ ...each.statement, Resource: [each.statement.Resource].flat().map(inWords) }))
  return {
    arn: 'arn:aws:sts::000000000000:assumed-role/data/example',
    decide: (action, resource, context) => evaluate(statements, action, resource, context),
  }
}

/** What a statement answers that is sent to Athena as it is, past the engine's guard. */
async function answered({ athena, client }: Scene, sql: string): Promise<string> {
  const access = ACCESS[TENANT]
  if (access === undefined) throw new Error(`no ${TENANT}`)
  const place = { ...access, client: client(access) }
  const wording = { database: access.database, hidden: [] }
  const statements = new Statements({ place, wording, scanMegabytes: 1, signal: going() })
  const { length } = athena.writes
  const answer = await statements.select(sql, LIMITS).catch((error: unknown) => error)
  return JSON.stringify([answer, athena.writes.slice(length)])
}

const escaped = (attempt: EscapeAttempt, answer: string) =>
  answer.includes(PARTNER_SECRET) ||
  answer.includes('NOT-DECLARED') ||
  answer.includes(`[${JSON.stringify(attempt.sql)}]`)

let scene: Scene
beforeAll(async () => {
  scene = await startScene({ [TENANT]: synthesizedRole() })
})
afterAll(() => scene[Symbol.asyncDispose]())

describe('the tenant’s role alone, with nothing of the engine in front', () => {
  it('lets the tenant’s own data sets be read', async () => {
    expect(await answered(scene, 'SELECT item FROM orders')).toContain('spade')
  })

  it('reads no table that is not declared', async () => {
    expect(await answered(scene, 'SELECT * FROM secrets')).toContain('query_refused')
  })

  it.each(attemptsFor('athena').map((attempt) => [attempt.name, attempt] as const))('%s', async (_, attempt) => {
    const answer = await answered(scene, attemptedSql(attempt, PLACES))
    expect(escaped(attempt, answer)).toBe(false)
    expect(scene.athena.writes).toEqual([])
  })
})

it('with a role that may do everything, some attempts would succeed: this proves something', async () => {
  await using open = await startScene({ [TENANT]: ADMINISTRATOR })
  const succeeded = []
  for (const attempt of attemptsFor('athena'))
    if (escaped(attempt, await answered(open, attemptedSql(attempt, PLACES)))) succeeded.push(attempt.name)
  expect(succeeded.length).toBeGreaterThan(10)
  expect(open.athena.writes.length).toBeGreaterThan(10)
})
