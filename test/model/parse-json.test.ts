import { expect, it } from 'vitest'
import { parseJson } from '../../model/parse-json.ts'

it.each([
  ['{"a":[1,"x",null]}', { a: [1, 'x', null] }],
  ['null', null],
  ['""', ''],
])('%s is what it says', (text, value) => expect(parseJson(text)).toEqual(value))

it.each(['', ' ', '{', 'undefined', '{"a":1}x', "{'a':1}"])('%j is no JSON', (text) =>
  expect(parseJson(text)).toBeUndefined())
