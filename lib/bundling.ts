import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { BuildOptions, OutputFile } from 'esbuild'
import { PROJECT_ROOT } from './project-root.ts'

/** How every function is bundled: one ES module for Node 24, the AWS SDK and all else inside. */
const OPTIONS = {
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  // CommonJS packages call require, which an ES module does not have.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  // Of these a layer brings the one for the deployed architecture (lib/layers/).
  external: ['@duckdb/node-bindings-*'],
  // By two names, esbuild runs what uses one before what sets up the other, wherever a lazily loaded module uses zod.
  alias: { 'zod/v4': 'zod' },
  logLevel: 'silent',
  write: false,
} as const satisfies BuildOptions

/**
 * What esbuild is told in order to bundle handlers, and the processes of their skillsets.
 * @param entries the handlers' files, below the root
 */
export function bundling(entries: readonly string[], root: string = PROJECT_ROOT) {
  const handlers = entries.map((entry) => ({ in: entry, out: join(outputFolder(entry), 'index') }))
  const processes = [...new Set(entries.map(processFolder))].flatMap((folder) =>
    processesIn(folder, root).map((name) => ({ in: join(folder, `${name}.ts`), out: join(folder, name) })),
  )
  return { ...OPTIONS, absWorkingDir: root, outdir: root, entryPoints: [...handlers, ...processes] }
}

/** A folder for each entry: the jobs of a skillset lie in one. */
function outputFolder(entry: string): string {
  return entry.replace(/\.ts$/, '')
}

/** `lambdas/skillsets/<name>/processes`, for its handler and its jobs alike. */
function processFolder(entry: string): string {
  return join(dirname(entry).replace(/\/jobs$/, ''), 'processes')
}

function processesIn(folder: string, root: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder)).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []))
}

/**
 * What lies in a function's directory, by path: `index.mjs`, `processes/<name>.mjs`, and their source maps. Maps name
 * sources as they lie below the project's root, so that a stack trace reads `<function's directory>/lambdas/…`, on every
 * machine alike.
 * @param made what esbuild made of {@link bundling}
 */
export function bundleOf(entry: string, made: readonly OutputFile[], root: string = PROJECT_ROOT): Map<string, string> {
  const own = join(root, outputFolder(entry))
  const skillset = dirname(join(root, processFolder(entry)))
  const files = new Map<string, string>()
  for (const { path, text } of made) {
    const folder = dirname(path)
    if (folder !== own && folder !== join(skillset, 'processes')) continue
    const name = relative(folder === own ? own : skillset, path)
    files.set(name, name.endsWith('.map') ? fromRoot(text, folder, dirname(name), root) : text)
  }
  if (!files.has('index.mjs')) throw new TypeError(`${entry} is not among the bundled handlers`)
  return files
}

/** @param place where the map lies in the function's directory */
function fromRoot(sourceMap: string, folder: string, place: string, root: string): string {
  const map: { sources: string[] } = JSON.parse(sourceMap)
  const sources = map.sources.map((source) => relative(join(root, place), join(folder, source)))
  return JSON.stringify({ ...map, sources })
}
