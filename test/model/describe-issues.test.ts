import { expect, it } from 'vitest'
import * as z from 'zod'
import { describeIssues, SAYING_WHAT_IS_ALLOWED, shown } from '../../model/describe-issues.ts'

function wrongs(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value, SAYING_WHAT_IS_ALLOWED)
  return describeIssues(error?.issues ?? [], shown).map(({ path, text }) => (path ? `${path}: ${text}` : text))
}

const shape = z.strictObject({ text: z.string(), start: z.string().optional() })
const event = z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })])

it.each([
  [z.string(), undefined, 'found nothing; allowed: a string'],
  [z.boolean(), 'yes', 'found "yes"; allowed: true or false'],
  [z.int(), 1.5, 'found 1.5; allowed: an integer'],
  [z.tuple([z.string()]), 'x', 'found "x"; allowed: an array'],
  [z.date(), 'x', 'found "x"; allowed: a value of type date'],
  [z.literal('a'), 'x', 'found "x"; allowed: "a"'],
  [z.enum(['a', 'b']), 'x', 'found "x"; allowed: one of "a", "b"'],
  [z.literal([1, null]), 'x', 'found "x"; allowed: one of 1, null'],
  [shape, { text: '', txet: '' }, 'found the key "txet"; allowed: only text, start'],
  [z.record(z.enum(['a']), z.string()), { a: 'x', b: 'x' }, 'found the key "b"; allowed: no such key'],
  [z.string().min(1), '', 'found ""; allowed: at least 1 character'],
  [z.string().length(3), 'x', 'found "x"; allowed: exactly 3 characters'],
  [z.array(z.int()).max(2), [1, 2, 3], 'found [1,2,3]; allowed: at most 2 items'],
  [z.number().min(1), 0, 'found 0; allowed: at least 1'],
  [z.number().positive(), 0, 'found 0; allowed: more than 0'],
  [z.number().lt(5), 5, 'found 5; allowed: less than 5'],
  [
    z.date().min(new Date(0)),
    new Date(-1),
    'found "1969-12-31T23:59:59.999Z"; allowed: at least 1970-01-01T00:00:00.000Z',
  ],
  [z.number().multipleOf(5), 7, 'found 7; allowed: a multiple of 5'],
  [z.email(), 'x', 'found "x"; allowed: an email address'],
  [z.iso.datetime(), 'x', 'found "x"; allowed: a date and time such as 2026-01-31T09:00:00Z'],
  [z.cuid2(), '?', 'found "?"; allowed: a string of the format cuid2'],
  [z.string().regex(/^a+$/), 'x', 'found "x"; allowed: a string that matches /^a+$/'],
  [z.string().startsWith('a'), 'x', 'found "x"; allowed: a string that begins with "a"'],
  [z.string().endsWith('a'), 'x', 'found "x"; allowed: a string that ends with "a"'],
  [z.string().includes('a'), 'x', 'found "x"; allowed: a string that contains "a"'],
  [z.union([z.string(), z.int()]), true, 'found true; allowed: a string, or a number'],
  [z.union([z.object({ a: z.int() }), z.int()]), {}, 'found {}; allowed: a: a number, or a number'],
  [event, { kind: 'c' }, 'kind: found {"kind":"c"}; allowed: one of "a", "b"'],
  [z.xor([z.string(), z.literal('x')]), 'x', 'found "x"; allowed: a value that only one of the alternatives admits'],
  [z.record(z.string().max(1), z.int()), { ab: 1 }, 'ab: found "ab"; allowed: at most 1 character'],
  [z.map(z.string(), z.int()), new Map([['a', 'x']]), 'a: found "x"; allowed: a number'],
  [z.map(z.object({}), z.int()), new Map([[{}, 'x']]), 'found {}; allowed: a number'],
  [z.custom((value) => value === 1), 2, 'found 2; allowed: another value'],
  [z.string().refine(() => false, 'a name that is free'), 'x', 'found "x"; allowed: a name that is free'],
  [z.string({ error: 'a name' }), 7, 'found 7; allowed: a name'],
])('%#: what is wrong is told in words: %3$s', (schema, value, expected) => {
  expect(wrongs(schema, value)).toEqual([expected])
})

it('whoever chooses keys and makes them long or many does not make the message so', () => {
  const keys = Object.fromEntries(Array.from({ length: 99 }, (_, at) => [`${'x'.repeat(1_000)}${at}`, at]))
  expect(wrongs(z.strictObject({}), keys).join().length).toBeLessThan(600)
  const either = z.union([z.array(z.int()), z.record(z.string(), z.int())])
  for (const value of [Array(9_999).fill('x'), { ['x'.repeat(9_999)]: 'x' }])
    expect(wrongs(either, value).join().length).toBeLessThan(600)
  const nested = wrongs(z.record(z.string(), z.int()), { ['x'.repeat(9_999)]: 'x' })
  expect(nested.join().length).toBeLessThan(300)
})
