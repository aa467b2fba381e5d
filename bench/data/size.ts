import { join } from 'node:path'
import { build } from 'esbuild'
import { bundleOf, bundling } from '../../lib/bundling.ts'
import { type Cpu, layerPackages } from '../../lib/layers/contents.ts'
import { examineFolder, MOST_UNZIPPED_BYTES } from '../../lib/layers/examine-folder.ts'
import { lockedPackages } from '../../lib/layers/lockfile.ts'
import { npmPack } from '../../lib/layers/package-source.ts'
import { writeLayer } from '../../lib/layers/write-layer.ts'
import { PROJECT_ROOT } from '../../lib/project-root.ts'
import { hundredths } from '../figures.ts'

const HANDLER = 'lambdas/skillsets/data/handler.ts'
/** Those of the function with DuckDB: engineNeeds in lambdas/skillsets/data/engines/open-engine.ts, and charts. */
const LAYERS = ['duckdb', 'charts'] as const
const MEBIBYTE = 1024 * 1024

/** What Lambda unzips for the function, part by part, for both processors: npm brings the other's package, as to deploy. */
export async function benchSize(directory: string): Promise<void> {
  const { outputFiles } = await build(bundling([HANDLER]))
  const code = [...bundleOf(HANDLER, outputFiles)].map(([name, text]) => [name, Buffer.byteLength(text)] as const)
  const rows = (['x64', 'arm64'] as const).map((cpu): [string, object] => {
    const parts = [...code, ...layersOf(cpu, directory)]
    const bytes = parts.reduce((sum, [, size]) => sum + size, 0)
    if (bytes > MOST_UNZIPPED_BYTES) throw new Error(`${cpu}: ${bytes} bytes are more than Lambda takes`)
    const all = [...parts, ['in all', bytes] as const]
    return [cpu, Object.fromEntries(all.map(([name, size]) => [name, hundredths(size / MEBIBYTE)]))]
  })
  console.log(`\nThe function with its layers, unzipped, in MiB; Lambda takes ${MOST_UNZIPPED_BYTES / MEBIBYTE}`)
  console.table(Object.fromEntries(rows))
}

function layersOf(cpu: Cpu, directory: string): (readonly [name: string, bytes: number])[] {
  const nodeModules = join(PROJECT_ROOT, 'node_modules')
  const cache = join(nodeModules, '.cache', 'layers')
  const sources = { nodeModules, cache, locked: lockedPackages(PROJECT_ROOT), download: npmPack }
  return LAYERS.map((name) => {
    const folder = join(directory, `layer-${name}-${cpu}`)
    writeLayer(layerPackages(name, cpu), cpu, folder, sources)
    return [`layer ${name}`, examineFolder(folder, cpu).bytes] as const
  })
}
