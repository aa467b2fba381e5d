import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AbilityError } from '../../../../../../lambdas/runtime/ability-error.ts'
import { attemptedSql } from '../../escapes/attempt.ts'
import { attemptsFor } from '../../escapes/corpus.ts'
import { PARTNER_SECRET } from '../../escapes/scene.ts'
import { ALICE, databaseOf, going, LIMITS, type Scene, startScene } from './scene.ts'

const PLACES = { file: 's3://lake/partner/secret.csv', folder: 's3://elsewhere/', other: databaseOf('partner') }

describe('the engine’s own guard, with a role that may do everything', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await startScene()
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  it.each(attemptsFor('athena').map((attempt) => [attempt.name, attempt] as const))('%s', async (_, attempt) => {
    const sql = attemptedSql(attempt, PLACES)
    const answer = await scene.engine.query(ALICE, sql, LIMITS, going()).catch((error: unknown) => error)
    expect(answer).toBeInstanceOf(AbilityError)
    const { message, hint } = answer as AbilityError
    expect(`${message} ${hint}`).not.toContain(PARTNER_SECRET)
    expect(`${message} ${hint}`).not.toMatch(/prod__mcp|arn:|s3:\/\//)
    expect(scene.athena.writes).toEqual([])
    // Nothing but plans was ever asked for.
    const { sql: sent = 'EXPLAIN' } = scene.athena.history.at(-1) ?? {}
    expect(sent).toMatch(/^EXPLAIN/)
  })
})
