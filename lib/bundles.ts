import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AssetHashType, DockerImage } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { buildSync, type OutputFile } from 'esbuild'
import { bundleOf, bundling } from './bundling.ts'
import { PROJECT_ROOT } from './project-root.ts'

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

  /**
   * A function's code: `index.mjs`, the processes of its skillset, and their source maps.
   * @param files to lie beside them, by name
   */
  code(entry: string, files: Readonly<Record<string, string>> = {}): Code {
    return Code.fromAsset(PROJECT_ROOT, {
      assetHashType: AssetHashType.OUTPUT,
      bundling: {
        // Neither pulled nor run: what is bundled here never falls back to a container.
        image: DockerImage.fromRegistry('none'),
        // CDK tells assets of one folder apart by this.
        command: [entry, JSON.stringify(files)],
        local: {
          tryBundle: (directory) => {
            this.write(entry, directory)
            for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content)
            return true
          },
        },
      },
    })
  }

  private write(entry: string, directory: string): void {
    this.files ??= buildSync(bundling(this.entries)).outputFiles
    for (const [name, content] of bundleOf(entry, this.files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true })
      writeFileSync(join(directory, name), content)
    }
  }
}
