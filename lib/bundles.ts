import { writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { AssetHashType, DockerImage } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { type BuildOptions, buildSync, type OutputFile } from 'esbuild'

const PROJECT_ROOT = join(import.meta.dirname, '..')

/** Where bundles would lie. Nothing is written there; source maps name their sources from there, on every machine alike. */
const VIRTUAL_DIRECTORY = join(PROJECT_ROOT, 'bundles')

/** How every function is bundled: one ES module for Node 24, the AWS SDK and all else inside. */
const OPTIONS = {
  absWorkingDir: PROJECT_ROOT,
  outdir: VIRTUAL_DIRECTORY,
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
} as const satisfies BuildOptions

/**
 * The bundles of all functions, made by one run of esbuild: they share most of their modules, and NodejsFunction would
 * start npx and parse them anew for each. Made when the first is asked for; with bundling off, none is.
 */
export class Bundles {
  private readonly entries: readonly string[]
  private files: readonly OutputFile[] | undefined

  /** @param entries the handlers' files, below the project's root */
  constructor(entries: readonly string[]) {
    this.entries = [...new Set(entries)]
  }

  /** A function's code: `index.mjs` and its source map. */
  code(entry: string): Code {
    return Code.fromAsset(PROJECT_ROOT, {
      assetHashType: AssetHashType.OUTPUT,
      bundling: {
        // Neither pulled nor run: what is bundled here never falls back to a container.
        image: DockerImage.fromRegistry('none'),
        // CDK tells assets of one folder apart by this.
        command: [entry],
        local: {
          tryBundle: (directory) => {
            this.write(entry, directory)
            return true
          },
        },
      },
    })
  }

  private write(entry: string, directory: string): void {
    this.files ??= this.build()
    const own = this.files.filter(({ path }) => relative(VIRTUAL_DIRECTORY, dirname(path)) === dirname(entry))
    if (own.length === 0) throw new TypeError(`${entry} is not among the bundled handlers`)
    for (const { path, contents } of own) writeFileSync(join(directory, basename(path)), contents)
  }

  private build(): readonly OutputFile[] {
    const entryPoints = this.entries.map((entry) => ({ in: entry, out: join(dirname(entry), 'index') }))
    return buildSync({ ...OPTIONS, entryPoints, write: false }).outputFiles
  }
}
