import type { LayerName } from '../../model/skillset-declaration.ts'

/** As Node, and npm's packages of binaries, name what Lambda calls arm64 and x86_64. */
export type Cpu = 'arm64' | 'x64'

/** One npm package of a layer. */
export interface LayerPackage {
  readonly name: string
  /** Below the package; its package.json always comes too. */
  readonly files: readonly string[]
  /** Its binaries are for this processor alone, under Linux. Absent: for any. */
  readonly cpu?: Cpu
}

/** What travels in a layer because it cannot be bundled: native code, WebAssembly, fonts. */
export function layerPackages(layer: LayerName, cpu: Cpu): readonly LayerPackage[] {
  switch (layer) {
    case 'duckdb':
      return [{ name: `@duckdb/node-bindings-linux-${cpu}`, files: ['duckdb.node', 'libduckdb.so'], cpu }]
    case 'charts':
      return [
        { name: '@resvg/resvg-wasm', files: ['index_bg.wasm'] },
        {
          name: '@expo-google-fonts/inter',
          files: ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'],
        },
      ]
    case 'postgres-parser':
      return [
        { name: 'libpg-query', files: ['wasm/index.cjs', 'wasm/libpg-query.js', 'wasm/libpg-query.wasm'] },
        { name: '@pgsql/types', files: ['index.js', 'types.js', 'enums.js'] },
      ]
  }
}
