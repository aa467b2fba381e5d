import { describe, expect, test } from 'vitest'
import { codeBlock, escapeMarkdown, markdownTable } from '../../../../../lambdas/skillsets/data/reports/markdown.ts'
import { reportMarkdown } from '../../../../../lambdas/skillsets/data/reports/report-markdown.ts'
import { ordersByChannel, tableOf } from '../charts/retail-tables.ts'
import { reportOf, sectionOf } from './sample-report.ts'

describe('a table', () => {
  test('has exact values, NULL and nested ones included, numbers to the right', () => {
    const table = tableOf(
      ['name', 'revenue:decimal:EUR', 'tags:list'],
      [
        ['a', '-12345678901234567890.50', ['x', 1]],
        [null, null, { k: null }],
      ],
    )
    expect(markdownTable(table, 10)).toBe(
      [
        '| name | revenue (EUR) | tags |',
        '| --- | ---: | --- |',
        '| a | -12345678901234567890.50 | \\["x",1\\] |',
        '| NULL | NULL | {"k":null} |',
      ].join('\n'),
    )
  })

  test('has one line for each row, whatever stands in it', () => {
    const table = tableOf(['a|b\nc'], [['x | y'], ['one\r\ntwo'], ['\\|'], ['a\u2028b']])
    expect(markdownTable(table, 10).split(/[\n\r\u2028]/)).toEqual([
      '| a\\|b c |',
      '| --- |',
      '| x \\| y |',
      '| one two |',
      '| \\\\\\| |',
      '| a b |',
    ])
  })

  test('says how many rows are not shown', () => {
    expect(markdownTable(ordersByChannel, 5)).toMatch(/\n\n2 more rows\.$/)
    expect(markdownTable(ordersByChannel, 6)).toMatch(/\n\n1 more row\.$/)
    expect(markdownTable(ordersByChannel, 7)).not.toContain('more')
  })
})

test.each([
  ['<script>alert(1)</script>', '\\<script\\>alert(1)\\</script\\>'],
  ['[click](javascript:alert(1))', '\\[click\\](javascript:alert(1))'],
  ['![x](https://evil.test/x.png)', '!\\[x\\](https://evil.test/x.png)'],
  ['**bold** _it_ `code` ~~no~~', '\\*\\*bold\\*\\* \\_it\\_ \\`code\\` \\~\\~no\\~\\~'],
  ['snake_case stays', 'snake_case stays'],
  ['# heading\n- item\n1. one\n=== \n> quote', '\\# heading\n\\- item\n1\\. one\n\\=== \n\\> quote'],
  ['&lt;b&gt;', '\\&lt;b\\&gt;'],
])('text has no markup of its own: %s', (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped)
})

test('SQL cannot end its block', () => {
  expect(codeBlock('sql', 'SELECT 1 -- ```\n<b>')).toBe('````sql\nSELECT 1 -- ```\n<b>\n````')
})

test('a report: who, when, of what; sections with text, chart, table, notes, summary and SQL', async () => {
  const section = {
    ...(await sectionOf('Channels', ordersByChannel)),
    text: 'Most buy online.',
    notes: ['Only 1,000 rows were read.'],
  }
  const failed = {
    heading: 'Broken',
    sql: 'SELECT',
    failure: { code: 'query_failed', message: 'Syntax error.', hint: 'Mend it.' },
  } as const
  const text = reportMarkdown(reportOf([section, failed], { introduction: 'In short.' }))
  expect(text.split('\n').filter((line) => /^[#*]/.test(line))).toEqual([
    '# How the shop did',
    '*Made 2026-01-05 09:30 UTC by Alice Example.*',
    '## Channels',
    '**Chart.** Bar chart: Orders by Channel. Highest: 48.2K (Online shop); lowest: 4 (Letter).',
    '**Note.** Only 1,000 rows were read.',
    '### Summary',
    '## Broken',
    '**No answer** (query_failed): Syntax error. Mend it.',
  ])
  expect(text).toContain('| orders | 7 | 7 | 4 | 48,211 | 117,894 |')
  expect(text).toContain('```sql\nSELECT channel, orders\nFROM orders\n```')
})

test('a title is one line', () => {
  expect(reportMarkdown(reportOf([], { title: 'a\n# b' }))).toMatch(/^# a # b\n/)
})
