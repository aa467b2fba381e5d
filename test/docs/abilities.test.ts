import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { copyProject, type ProjectCopy } from '../support/project-copy.ts'
import { readProjectFile } from './tables.ts'

const page = readProjectFile('docs/abilities.md')

/** The page's files: each block of TypeScript begins with a comment that names its file. */
const files = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, source = '']) => ({
  path: /^\/\/ (\S+)\n/.exec(source)?.[1] ?? `a block without a file's name: ${source}`,
  source: source.replace(/^.*\n/, ''),
}))

let project: ProjectCopy
beforeAll(async () => {
  project = await copyProject()
  await rm(join(project.path, 'lambdas/skillsets/notes'), { recursive: true, force: true })
  for (const { path, source } of files) {
    await mkdir(dirname(join(project.path, path)), { recursive: true })
    await project.write(path, source)
  }
}, 60_000)
afterAll(() => project?.remove())

const paths = files.map(({ path }) => path)

it('the snippets of docs/abilities.md pass the type check', { timeout: 60_000 }, async () => {
  expect(paths.length).toBeGreaterThan(7)
  await project.write(
    'tsconfig.new.json',
    JSON.stringify({ extends: './tsconfig.app.json', include: [...paths, 'local/*.d.ts'] }),
  )
  const { stdout, code } = await project.node('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.new.json'])
  expect(code, stdout).toBe(0)
})

it('they are written as the formatter writes', async () => {
  const { stdout, stderr, code } = await project.node('node_modules/@biomejs/biome/bin/biome', ['check', ...paths])
  expect(code, stdout + stderr).toBe(0)
})

it('their test passes', { timeout: 60_000 }, async () => {
  const tests = paths.filter((path) => path.endsWith('.test.ts'))
  const { stdout, code } = await project.node('node_modules/vitest/vitest.mjs', ['run', ...tests])
  expect(code, stdout).toBe(0)
})

it('their factory synthesizes', { timeout: 60_000 }, async () => {
  const environment = {
    CDK_OUTDIR: join(project.path, 'cdk.out'),
    // For this machine: of another, packages of native code would be downloaded.
    CDK_CONTEXT_JSON: JSON.stringify({ origin: 'http://localhost:4100' }),
    CDK_VALIDATION: 'false',
  }
  const { stderr, code } = await project.node('bin/app.ts', [], environment)
  expect(code, stderr).toBe(0)
})
