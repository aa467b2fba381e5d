import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import { processEntry } from '../../lambdas/runtime/process-entry.ts'
import { bundleOf, bundling } from '../../lib/bundling.ts'
import { PROJECT_ROOT } from '../../lib/project-root.ts'

const root = mkdtempSync(join(tmpdir(), 'bundling-'))
afterAll(() => rmSync(root, { recursive: true }))

function write(folder: string, files: Iterable<readonly [string, string]>): void {
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

const COUNTER = 'lambdas/skillsets/counter'
write(root, [
  ['lambdas/shared.ts', 'export const next = (given: number) => given + 1'],
  [
    `${COUNTER}/handler.ts`,
    `export { processEntry } from ${JSON.stringify(join(PROJECT_ROOT, 'lambdas/runtime/process-entry.ts'))}
export const native = () => require('@duckdb/node-bindings-none-none/duckdb.node')`,
  ],
  [`${COUNTER}/jobs/tidy.ts`, 'export const handler = async () => {}'],
  [
    `${COUNTER}/processes/count.ts`,
    `import { next } from '../../../shared.ts'
process.on('message', (given: number) => { process.send?.(next(given)); process.disconnect() })`,
  ],
  [`${COUNTER}/processes/notes.md`, ''],
  ['lambdas/skillsets/plain/handler.ts', 'export const handler = async () => {}'],
])
const entries = [`${COUNTER}/handler.ts`, `${COUNTER}/jobs/tidy.ts`, 'lambdas/skillsets/plain/handler.ts']
const made = buildSync(bundling(entries, root)).outputFiles
const PROCESS = ['processes/count.mjs', 'processes/count.mjs.map']

describe('the bundle of a function', () => {
  it.each([
    [entries[0], ['index.mjs', 'index.mjs.map', ...PROCESS]],
    [entries[1], ['index.mjs', 'index.mjs.map', ...PROCESS]],
    [entries[2], ['index.mjs', 'index.mjs.map']],
  ])('of %s is %j', (entry = '', files) => {
    expect([...bundleOf(entry, made, root).keys()].sort()).toEqual(files)
  })

  it('names sources as they lie below the project', () => {
    const map = bundleOf(entries[0] ?? '', made, root).get('processes/count.mjs.map') ?? ''
    expect(JSON.parse(map).sources).toEqual(['../lambdas/shared.ts', `../${COUNTER}/processes/count.ts`])
  })

  it('has its process where processEntry says, and it runs', async () => {
    const folder = join(root, 'function')
    write(folder, bundleOf(entries[0] ?? '', made, root))
    const bundled = await import(pathToFileURL(join(folder, 'index.mjs')).href)
    expect(bundled.processEntry('counter', 'count')).toBe(join(folder, 'processes/count.mjs'))
    const child = fork(bundled.processEntry('counter', 'count'))
    child.send(41)
    expect(await once(child, 'message')).toEqual([42, undefined])
    // By require, which alone looks where layers are.
    expect(bundled.native).toThrow(expect.objectContaining({ code: 'MODULE_NOT_FOUND' }))
  })
})

it('in the source tree a process is the file that was written', () => {
  expect(processEntry('counter', 'count')).toBe(join(PROJECT_ROOT, COUNTER, 'processes/count.ts'))
})
