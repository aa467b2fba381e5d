import { basename, dirname, join, relative } from 'node:path'
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
  logLevel: 'silent',
  write: false,
} as const satisfies BuildOptions

/**
 * What esbuild is told in order to bundle handlers.
 * @param entries the handlers' files, below the root
 */
export function bundling(entries: readonly string[], root: string = PROJECT_ROOT) {
  const entryPoints = entries.map((entry) => ({ in: entry, out: join(outputFolder(entry), 'index') }))
  return { ...OPTIONS, absWorkingDir: root, outdir: root, entryPoints }
}

/** A folder for each entry: the jobs of a skillset lie in one. */
function outputFolder(entry: string): string {
  return entry.replace(/\.ts$/, '')
}

/**
 * What lies in a function's directory, by name: `index.mjs` and its source map. The map names sources as they lie below
 * the project's root, so that a stack trace reads `<function's directory>/lambdas/…`, on every machine alike.
 * @param made what esbuild made of {@link bundling}
 */
export function bundleOf(entry: string, made: readonly OutputFile[], root: string = PROJECT_ROOT): Map<string, string> {
  const folder = join(root, outputFolder(entry))
  const own = made.filter(({ path }) => dirname(path) === folder)
  const files = new Map(own.map(({ path, text }) => [basename(path), text]))
  const mapFile = files.get('index.mjs.map')
  if (mapFile === undefined) throw new TypeError(`${entry} is not among the bundled handlers`)
  const map: { sources: string[] } = JSON.parse(mapFile)
  const sources = map.sources.map((source) => relative(root, join(folder, source)))
  return files.set('index.mjs.map', JSON.stringify({ ...map, sources }))
}
