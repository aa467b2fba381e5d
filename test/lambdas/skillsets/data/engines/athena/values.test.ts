import type { ColumnInfo } from '@aws-sdk/client-athena'
import { describe, expect, it } from 'vitest'
import { kindOf, parseValue, resultColumn } from '../../../../../../lambdas/skillsets/data/engines/athena/values.ts'

const column = (Type: string): ColumnInfo => ({ Name: 'c', Type })

/** Texts as the real service gives them (engine version 3). */
describe('a value from Athena’s text', () => {
  it.each([
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['tinyint', '-128', -128],
    ['integer', '2147483647', 2147483647],
    ['bigint', '9007199254740991', 9007199254740991],
    ['bigint', '9007199254740993', '9007199254740993'],
    ['bigint', '-9223372036854775808', '-9223372036854775808'],
    ['double', '1.0E20', 1e20],
    ['double', '1.7976931348623157E308', Number.MAX_VALUE],
    ['double', '0.30000000000000004', 0.30000000000000004],
    ['float', '1.0E-7', 1e-7],
    ['double', 'NaN', 'NaN'],
    ['double', '-Infinity', '-Infinity'],
    ['decimal', '12345678901234567890.10', '12345678901234567890.10'],
    ['varchar', '', ''],
    ['varchar', 'null', 'null'],
    ['char', 'a  ', 'a  '],
    ['ipaddress', '10.0.0.1', '10.0.0.1'],
    ['uuid', '12151fd2-7586-11e9-8f9e-2a86e4085a59', '12151fd2-7586-11e9-8f9e-2a86e4085a59'],
    ['date', '2026-09-17', '2026-09-17'],
    ['time', '12:34:56.789', '12:34:56.789'],
    ['time with time zone', '12:34:56.789+00:00', '12:34:56.789+00:00'],
    ['timestamp', '2026-09-17 12:34:56.789', '2026-09-17T12:34:56.789'],
    ['timestamp', '2026-09-17 12:34:56.789123', '2026-09-17T12:34:56.789123'],
    ['timestamp with time zone', '2026-09-17 12:34:56.789 UTC', '2026-09-17T12:34:56.789Z'],
    ['timestamp with time zone', '2026-09-17 00:30:00.123456 +05:30', '2026-09-16T19:00:00.123456Z'],
    ['timestamp with time zone', '2026-09-17 12:34:56 -08:00', '2026-09-17T20:34:56Z'],
    ['timestamp with time zone', '2026-09-17 12:34:56.789 Europe/Berlin', '2026-09-17T10:34:56.789Z'],
    ['timestamp with time zone', '2026-03-29 03:30:00.000 Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['timestamp with time zone', '2026-03-29 01:30:00.000 Europe/Berlin', '2026-03-29T00:30:00.000Z'],
    ['timestamp with time zone', '2026-10-25 02:30:00.000 Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['timestamp with time zone', '2026-10-25 03:30:00.000 Europe/Berlin', '2026-10-25T02:30:00.000Z'],
    ['timestamp with time zone', '2026-11-01 03:00:00.000 America/Los_Angeles', '2026-11-01T11:00:00.000Z'],
    ['interval day to second', '1 00:00:00.000', 'P1D'],
    ['interval day to second', '0 00:00:00.000', 'PT0S'],
    ['interval day to second', '-2 03:04:05.678', '-P2DT3H4M5.678S'],
    ['interval day to second', '0 00:00:00.500', 'PT0.5S'],
    ['interval year to month', '1-0', 'P1Y'],
    ['interval year to month', '-1-3', '-P1Y3M'],
    ['interval year to month', '0-0', 'P0M'],
    ['varbinary', '61 62', 'YWI='],
    ['varbinary', '', ''],
    ['array', '[a, null]', '[a, null]'],
    ['row', '{id=1, name=x}', '{id=1, name=x}'],
    ['json', '{"a":[1,null,"1"],"b":{"c":1.5}}', { a: [1, null, '1'], b: { c: 1.5 } }],
    [
      'json',
      '[9007199254740993,12345678901234567890.12,1.0E20]',
      ['9007199254740993', '12345678901234567890.12', 1e20],
    ],
    ['something new', 'as it is', 'as it is'],
  ])('%s %j is %j', (type, text, value) => {
    expect(parseValue(text, column(type))).toEqual(value)
  })

  it.each(['varchar', 'integer', 'json', 'array', 'timestamp with time zone'])('NULL of %s is null', (type) => {
    expect(parseValue(undefined, column(type))).toBeNull()
  })
})

describe('a column', () => {
  it.each([
    ['decimal(12,2)', 'decimal'],
    ['array<struct<a:int>>', 'list'],
    ['map<string,int>', 'map'],
    ['struct<a:int>', 'struct'],
    ['varchar(10)', 'text'],
    ['TIMESTAMP', 'timestamp'],
    ['hyperloglog', 'other'],
  ])('of Glue’s type %s is of kind %s', (type, kind) => {
    expect(kindOf(type)).toBe(kind)
  })

  it('of a result names its digits', () => {
    expect(resultColumn({ Name: 'd', Type: 'decimal', Precision: 38, Scale: 0 })).toEqual({
      name: 'd',
      type: 'decimal(38,0)',
      kind: 'decimal',
    })
  })
})
