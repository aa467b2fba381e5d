import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Cpu, LayerPackage } from './contents.ts'
import { examineFolder } from './examine-folder.ts'
import { type PackageSources, packageFolder } from './package-source.ts'

/** Where Lambda's Node finds a layer's packages: below `/opt`, and only by `require`. */
const MODULES = join('nodejs', 'node_modules')

/**
 * Writes what a layer has into an empty folder.
 * @throws Error where a package cannot be had, or its code is not for this processor
 */
export function writeLayer(
  packages: readonly LayerPackage[],
  cpu: Cpu,
  directory: string,
  sources: PackageSources,
): void {
  for (const each of packages) {
    const folder = packageFolder(each, sources)
    for (const file of ['package.json', ...each.files]) {
      const target = join(directory, MODULES, each.name, file)
      mkdirSync(dirname(target), { recursive: true })
      copyFileSync(join(folder, file), target)
    }
  }
  const { problems } = examineFolder(directory, cpu)
  if (problems.length > 0) throw new Error(`a layer cannot be made: ${problems.join('; ')}`)
}
