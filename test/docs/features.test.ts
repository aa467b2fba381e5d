import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasTest, namedPaths, namedTests, PROJECT_ROOT, readProjectFile, tableRows } from './tables.ts'

const numbered = (prefix: string, count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + from}`)
const clauses = (prefix: string, count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index + from).padStart(2, '0')}`)

const SET_OUT_TO_DO = [
  ...numbered('000.', 7),
  ...numbered('001.', 9),
  ...numbered('001.F', 7),
  ...numbered('002.', 8),
  ...numbered('002.F', 13),
  ...clauses('DATA', 7),
]
const CLAUSES = [
  ...clauses('AS', 13),
  ...clauses('AS', 6, 20),
  ...clauses('RS', 8),
  ...clauses('CL', 5),
  ...numbered('SUITE-', 3),
]

const rows = tableRows(readProjectFile('docs/features.md')).map(([id = '', what, status, files = '', tests = '']) => ({
  id,
  what,
  status,
  files: namedPaths(files),
  tests: namedTests(tests),
}))

describe('docs/features.md', () => {
  it('has each row once, in order', () => {
    expect(rows.map(({ id }) => id)).toEqual([...SET_OUT_TO_DO, ...CLAUSES])
  })

  it.each(rows)('$id has a status, and the files and tests that bear it out', ({ what, status, files, tests }) => {
    expect(what).toBeTruthy()
    expect(status).toMatch(/^(?:done|partly: .+|not yet)$/)
    if (status === 'not yet') expect([files, tests]).toEqual([[], []])
    else {
      expect(files).not.toEqual([])
      expect(tests).not.toEqual([])
    }
  })
})

describe.each(['docs/features.md', 'docs/security.md', 'docs/one-machine.md'])('%s', (page) => {
  const text = readProjectFile(page)

  it('names only files that exist', () => {
    const paths = [...new Set(namedPaths(text))]
    expect(paths.length).toBeGreaterThan(10)
    expect(paths.filter((path) => !existsSync(join(PROJECT_ROOT, path)))).toEqual([])
  })

  it('names only tests that exist', () => {
    const tests = namedTests(text)
    expect(tests.length).toBeGreaterThan(10)
    const missing = tests.filter(({ path, name }) => !hasTest(readProjectFile(path), name))
    expect(missing.map(({ path, name }) => `${path}: ${name}`)).toEqual([])
  })
})

describe('docs/security.md', () => {
  it('has of each clause what docs/features.md says: whole or in part, by which test files', () => {
    const clauses = tableRows(readProjectFile('docs/security.md'))
      .filter(([clause = '']) => CLAUSES.includes(clause))
      .map(([clause, proven, files = '']) => ({ clause, proven, files: namedPaths(files) }))
    const expected = rows
      .filter(({ id, status }) => CLAUSES.includes(id) && status !== 'not yet')
      .map(({ id, status, tests }) => ({
        clause: id,
        proven: status === 'done' ? 'whole' : 'in part',
        files: [...new Set(tests.map(({ path }) => path))],
      }))
    expect(clauses).toEqual(expected)
  })
})

describe('a name is looked for as a test’s own', () => {
  it.each([
    ["it('name', () => {", true],
    ["it.each([1])('name', () => {", true],
    ["  ['name', 1],", true],
    ["test(\n  'name',", true],
    ["const text = 'name'", false],
    ["it('name of another', () => {", false],
    ['// name', false],
  ])('%s: %s', (source, found) => {
    expect(hasTest(source, 'name')).toBe(found)
  })
})
