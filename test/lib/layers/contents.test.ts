import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { type Cpu, layerPackages } from '../../../lib/layers/contents.ts'
import { lockedPackages } from '../../../lib/layers/lockfile.ts'
import { writeLayer } from '../../../lib/layers/write-layer.ts'
import { PROJECT_ROOT } from '../../../lib/project-root.ts'
import type { LayerName } from '../../../model/skillset-declaration.ts'

const cpu: Cpu = process.arch === 'arm64' ? 'arm64' : 'x64'
const nodeModules = join(PROJECT_ROOT, 'node_modules')
const locked = lockedPackages(PROJECT_ROOT)

/** What a program says that finds nothing but this layer, as a function would. */
function runWith(layer: LayerName, program: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'layer-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const download = () => {
    throw new Error('it is installed')
  }
  writeLayer(layerPackages(layer, cpu), cpu, folder, { nodeModules, cache: folder, locked, download })
  const env = { NODE_PATH: join(folder, 'nodejs', 'node_modules') }
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: folder, env, encoding: 'utf8' })
  return stdout + stderr
}

it('the layer of the PostgreSQL parser parses', () => {
  const program = `const parser = require('libpg-query')
parser.loadModule().then(() => console.log(parser.parseSync('SELECT 1').stmts.length))`
  expect(runWith('postgres-parser', program)).toBe('1\n')
})

it('the layer of charts has the drawing code and the fonts', () => {
  const program = `const { readFileSync } = require('node:fs')
for (const file of ['@resvg/resvg-wasm/index_bg.wasm', ...['400Regular/Inter_400Regular', '600SemiBold/Inter_600SemiBold'].map((font) => '@expo-google-fonts/inter/' + font + '.ttf')])
  console.log(readFileSync(require.resolve(file)).subarray(0, 4).toString('hex'))`
  // WebAssembly's magic number, and that of TrueType.
  expect(runWith('charts', program)).toBe('0061736d\n00010000\n00010000\n')
})

// npm installs the module of this machine; what Linux runs is here under Linux alone.
it.runIf(process.platform === 'linux')('the layer of DuckDB has the module of this processor', () => {
  const program = `console.log(require('@duckdb/node-bindings-linux-${cpu}/duckdb.node').library_version())`
  expect(runWith('duckdb', program)).toMatch(/^v\d+\.\d+/)
})

it.each<Cpu>(['arm64', 'x64'])('every package of every layer for %s is in the lockfile', (each) => {
  for (const layer of ['duckdb', 'charts', 'postgres-parser'] as const)
    for (const { name } of layerPackages(layer, each)) expect(locked(name).integrity).toMatch(/^sha512-.{88}$/)
})
