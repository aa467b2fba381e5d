import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { csvOf } from '../../../../../lambdas/skillsets/data/results/csv.ts'
import { parquetOf } from '../../../../../lambdas/skillsets/data/results/parquet.ts'
import type { ColumnKind, Table, Value } from '../../../../../lambdas/skillsets/data/table.ts'

/** A table of one row per entry, or of one column. */
const table = (columns: Record<string, ColumnKind>, ...rows: Value[][]): Table => ({
  columns: Object.entries(columns).map(([name, kind]) => ({ name, type: kind, kind })),
  rows,
})
const column = (kind: ColumnKind, ...values: Value[]) => table({ value: kind }, ...values.map((value) => [value]))

describe('CSV', () => {
  it('follows RFC 4180, and tells NULL from the empty text', () => {
    const given = table(
      { id: 'integer', 'a, "b"': 'text', list: 'list' },
      [1, 'two\r\nlines', [1, null]],
      [2, '', null],
    )
    expect(csvOf(given)).toBe('id,"a, ""b""",list\r\n1,"two\r\nlines","[1,null]"\r\n2,"",\r\n')
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '＝1'])('makes no formula of the text %j', (text) => {
    expect(csvOf(column('text', text))).toContain(`'${text}`)
    expect(csvOf(table({ [text]: 'integer' }))).toContain(`'${text}`)
  })

  it('leaves numbers and dates as they are', () => {
    expect(csvOf(table({ a: 'decimal', b: 'integer', c: 'date' }, ['-1.50', -2, '2026-01-31']))).toBe(
      'a,b,c\r\n-1.50,-2,2026-01-31\r\n',
    )
  })
})

describe('Parquet', () => {
  const readBack = async (given: Table) => {
    const bytes = parquetOf(given)
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    const { schema } = await parquetMetadataAsync(file)
    const rows = await parquetReadObjects({ file })
    return { type: schema[1], values: rows.map(({ value }) => value), rows }
  }

  it.each<[ColumnKind, Value[], object, unknown[]]>([
    ['boolean', [true, null], { type: 'BOOLEAN' }, [true, null]],
    ['integer', [1, '9007199254740993', null], { type: 'INT64' }, [1n, 9007199254740993n, null]],
    ['float', [0.5, 'NaN', '-Infinity'], { type: 'DOUBLE' }, [0.5, Number.NaN, Number.NEGATIVE_INFINITY]],
    ['text', ['é', '', null], { converted_type: 'UTF8' }, ['é', '', null]],
    ['decimal', ['1.50', '-12', null], { type: 'INT64', precision: 4, scale: 2 }, [1.5, -12, null]],
    [
      'date',
      ['2026-01-31', '1969-12-31'],
      { converted_type: 'DATE' },
      [new Date('2026-01-31'), new Date('1969-12-31')],
    ],
    ['timestamp', ['2026-01-31T09:30:00.5'], { type: 'INT64' }, [new Date('2026-01-31T09:30:00.500Z')]],
    [
      'time',
      ['09:30:00.000001'],
      { logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' } },
      [34_200_000_001n],
    ],
    ['list', [[1, { a: null }], null], { converted_type: 'JSON' }, [[1, { a: null }], null]],
    ['interval', ['P1D'], { converted_type: 'UTF8' }, ['P1D']],
    [
      'uuid',
      ['6e0b1a3c-2d4f-4a5b-8c6d-7e8f9a0b1c2d'],
      { logical_type: { type: 'UUID' } },
      ['6e0b1a3c-2d4f-4a5b-8c6d-7e8f9a0b1c2d'],
    ],
  ])('keeps %s', async (kind, given, type, values) => {
    const read = await readBack(column(kind, ...given))
    expect(read.type).toMatchObject(type)
    expect(read.values).toEqual(values)
  })

  it('keeps all digits of a long decimal', async () => {
    const { type } = await readBack(column('decimal', '12345678901234567890.123456789'))
    expect(type).toMatchObject({ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, precision: 29, scale: 9 })
  })

  it('keeps bytes', async () => {
    const { rows } = await readBack(column('binary', 'AP8='))
    expect(rows).toHaveLength(1)
  })

  it.each<[string, ColumnKind, Value[]]>([
    ['an integer beyond 64 bits', 'integer', ['170141183460469231731687303715884105727', 1]],
    ['an infinite date', 'date', ['infinity', '2026-01-31']],
    ['nanoseconds', 'timestamp', ['2026-01-31T09:30:00.123456789']],
    ['a decimal that is no number', 'decimal', ['NaN', '1.5']],
    ['a decimal of more than 38 digits', 'decimal', ['1'.repeat(39)]],
  ])('writes %s as text, with its whole column', async (_what, kind, given) => {
    expect((await readBack(column(kind, ...given))).values).toEqual(given.map(String))
  })

  it('has every column where two have one name, and no rows where there are none', async () => {
    const { rows } = await readBack({
      columns: ['a', 'a', 'a_2'].map((name) => ({ name, type: 'INTEGER', kind: 'integer' })),
      rows: [[1, 2, 3]],
    })
    expect(rows).toEqual([{ a: 1n, a_2: 2n, a_2_2: 3n }])
    expect((await readBack(column('text'))).rows).toEqual([])
  })
})
