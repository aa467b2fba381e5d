import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { AbilityContext } from '../../../lambdas/runtime/ability-context.ts'
import { type AbilityDefinition, defineAbility } from '../../../lambdas/runtime/define-ability.ts'
import { defineSkillset, type Files } from '../../../lambdas/runtime/define-skillset.ts'
import { bucket, files, schedule, secret, size, table } from '../../../lambdas/runtime/needs.ts'
import type { Table } from '../../../lambdas/runtime/table.ts'
import { needsOf, SkillsetError, scopesOf } from '../../../model/skillset-declaration.ts'

interface Clock {
  readonly clock: { readonly time: () => string }
}

const definition = {
  name: 'tell_time',
  title: 'Tell the time',
  description: 'Tells the time.',
  scope: 'time:read',
  input: z.strictObject({ zone: z.string().max(3).optional() }),
  output: z.object({ time: z.string() }),
  run: (_input, { services }: AbilityContext<Clock>) => ({ time: services.clock.time() }),
} satisfies AbilityDefinition<z.ZodObject, z.ZodObject, Clock>

const about = { name: 'clock', title: 'Clock', instructions: 'A clock.' }

describe('defineAbility', () => {
  it('is everyday unless it says otherwise', () => {
    expect(defineAbility(definition).level).toBe('everyday')
    expect(defineAbility({ ...definition, level: 'privileged' }).level).toBe('privileged')
  })

  it.each(['', 'tell time', 'x'.repeat(65), 'tell/time', '…'])('refuses the name %j', (name) => {
    expect(() => defineAbility({ ...definition, name })).toThrow(
      /found ".*"; allowed: 1 to 64 letters, digits, _ and -/,
    )
  })
})

describe('defineSkillset', () => {
  it('declares what infrastructure reads of it', () => {
    const skillset = defineSkillset({
      ...about,
      needs: [table(), secret('master-clock', { optional: true })],
      services: () => ({ clock: { time: () => 'noon' } }),
      abilities: [defineAbility(definition)],
    })
    expect(skillset.needs).toEqual([{ kind: 'table' }, { kind: 'secret', name: 'master-clock', optional: true }])
    expect(scopesOf(skillset)).toEqual([{ name: 'time:read', level: 'everyday', abilities: ['Tell the time'] }])
  })

  it('allows no options where it declares none', () => {
    const { options } = defineSkillset({ ...about, abilities: [] })
    expect(options.safeParse({}).success).toBe(true)
    expect(options.safeParse({ speed: 2 }).success).toBe(false)
  })

  it.each([
    ['a repeated ability', definition, /declared twice/],
    ['a scope at two levels', { ...definition, name: 'set_time', level: 'privileged' as const }, /time:read is/],
    ['a malformed scope', { ...definition, name: 'set_time', scope: 'time write' }, /found "time write"; allowed: /],
  ])('refuses %s', (_case, other, message) => {
    const declare = () =>
      defineSkillset({
        ...about,
        services: () => ({ clock: { time: () => 'noon' } }),
        abilities: [defineAbility(definition), defineAbility(other)],
      })
    expect(declare).toThrow(message)
  })

  it('lets options decide the needs, and makes what only some bring a thing that may be missing', () => {
    const options = z.strictObject({ engine: z.enum(['files', 'database']) })
    const skillset = defineSkillset({
      ...about,
      options,
      needs: ({ engine }) => [
        table(),
        ...(engine === 'files' ? [files({ sample: true })] : [secret('database'), bucket({ 'results/': 1 })]),
      ],
      services: async (tools) => {
        const sure: Table = tools.table
        // @ts-expect-error only files need files
        const missing: Files = tools.files
        // @ts-expect-error only a database needs a bucket
        tools.bucket.list('results/')
        const database: string = await tools.secret('database')
        return { sure, missing, database, may: tools.files }
      },
      abilities: [],
    })
    expect(needsOf(skillset, { engine: 'files' })).toEqual([table(), files({ sample: true })])
    expect(needsOf(skillset, { engine: 'database' })).toEqual([table(), secret('database'), bucket({ 'results/': 1 })])
    defineSkillset({
      ...about,
      options,
      needs: ({ engine }) =>
        engine === 'files' ? [bucket({ 'results/': 1 })] : [bucket({ 'results/': 1 }), secret('database')],
      services: ({ bucket }) => ({ listed: bucket.list('results/') }),
      abilities: [],
    })
  })

  it.each([
    [() => bucket({ 'Results/': 1 }), 'bucket: prefix: found "Results/"'],
    [() => bucket({ 'results/': 0 }), 'bucket: results/: found 0 days'],
    [() => size({ memory: 64 }), 'size: memory: found 64; allowed: whole megabytes from 128 to 10240'],
    [() => size({ ephemeral: 20_000 }), 'size: ephemeral: found 20000'],
    [() => schedule('tidy', { everyMinutes: 0.5 }), 'job tidy: found every 0.5 minutes'],
  ])('%s is refused', (need, message) => {
    expect(need).toThrow(SkillsetError)
    expect(need).toThrow(message)
  })

  it('makes wrong wiring a type error', () => {
    const tellTime = defineAbility(definition)
    // @ts-expect-error tell_time needs a clock
    defineSkillset({ ...about, services: () => ({ bell: 1 }), abilities: [tellTime] })
    // @ts-expect-error no need `table` is declared
    defineSkillset({ ...about, services: ({ table }) => ({ table }), abilities: [] })
    // @ts-expect-error no secret `other` is declared
    defineSkillset({ ...about, needs: [secret('one')], services: ({ secret }) => secret('other'), abilities: [] })
    defineSkillset({
      ...about,
      needs: [secret('one'), secret('two', { optional: true })],
      services: async ({ secret }) => {
        const one: string = await secret('one')
        // @ts-expect-error an optional secret may be missing
        const two: string = await secret('two')
        return { clock: { time: () => one + two } }
      },
      abilities: [tellTime],
    })
    expect(tellTime.name).toBe('tell_time')
  })
})
