import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const PROJECT_ROOT = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'import-default-'))
afterAll(() => rmSync(folder, { recursive: true }))

writeFileSync(join(folder, 'other.ts'), 'export const other = 1\n')
writeFileSync(
  join(folder, 'load.mjs'),
  `import { importDefault } from ${JSON.stringify(pathToFileURL(join(PROJECT_ROOT, 'lib', 'import-default.ts')).href)}
try {
  console.log(JSON.stringify(await importDefault(process.argv[2], (problem) => new TypeError(problem))))
} catch (error) {
  console.log(error.name + ' ' + error.message)
}
`,
)

/** By Node itself: vitest imports in a way of its own. */
function load(source: string): string {
  const file = join(folder, `${Math.random()}.ts`)
  writeFileSync(file, source)
  const { stdout } = spawnSync(process.execPath, [join(folder, 'load.mjs'), file], { encoding: 'utf8' })
  return stdout.trim().replace(file, '<file>')
}

describe('a file that a person edits', () => {
  it('gives its default export', () => {
    expect(load("import { other } from './other.ts'\nexport default { other }\n")).toBe('{"other":1}')
  })

  it.each([
    ['does not parse', 'export default {\n  a: 1\n  b: 2,\n}\n', "3:3: Expected ',', got 'ident'"],
    ['uses what Node cannot strip', 'const a = 1\nenum B { C }\nexport default a\n', '2:1: TypeScript enum is not'],
    ['imports a file that is not there', "export default 1\nimport './none.ts'\n", "2:8: Cannot find module '"],
    ['imports a package that is not there', "import a from 'no-such-package'\n", "1:15: Cannot find package 'no-such"],
    ['imports a name that is not there', "import { b } from './other.ts'\nexport default b\n", '1:10: The requested'],
    ['throws', 'export default { a: b }\n', '1:21: b is not defined'],
    ['throws what is no error', "throw 'enough'\n", ' enough'],
  ])('that %s is named with line, column and what Node says', (_case, source, message) => {
    const said = load(source)
    expect(said.startsWith(`TypeError <file>:${message}`), said).toBe(true)
  })

  it('whose own words say it all keeps them', () => {
    const error = pathToFileURL(join(PROJECT_ROOT, 'model', 'config-error.ts')).href
    expect(load(`import { ConfigError } from '${error}'\nthrow new ConfigError(['stage: found 1'])\n`)).toBe(
      'ConfigError factory.config.ts is wrong:\n  stage: found 1',
    )
  })
})
