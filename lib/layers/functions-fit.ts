import { relative } from 'node:path'
import type { Cpu } from './contents.ts'
import { examineFolder, MOST_UNZIPPED_BYTES } from './examine-folder.ts'

/** A stack as it was synthesized. */
export interface SynthesizedFunctions {
  readonly name: string
  readonly template: {
    readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>
  }
  /** Folders by their keys in the bootstrap bucket. */
  readonly assets: ReadonlyMap<string, string>
}

interface FunctionProperties {
  readonly Architectures?: readonly string[]
  readonly Code: { readonly S3Key: string }
  readonly Layers?: readonly { readonly Ref: string }[]
}

/** Functions that could not be deployed, or not run; a line each. */
export class UnfitFunctions extends Error {
  override readonly name = 'UnfitFunctions'
}

/**
 * Looks at what was synthesized: native code is for the architecture of its function, and no function with its layers
 * has more than 250 MB unzipped.
 * @param assembly the folder of the synthesis; assets elsewhere were not bundled, as `cdk list` has no use for them
 * @throws UnfitFunctions
 */
export function assertFunctionsFit(stacks: readonly SynthesizedFunctions[], assembly: string): void {
  const problems = stacks.flatMap(({ name, template: { Resources }, assets }) =>
    Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
      if (Type !== 'AWS::Lambda::Function') return []
      const { Architectures, Code, Layers = [] } = Properties as FunctionProperties
      const keys = [Code.S3Key, ...Layers.map(({ Ref }) => contentKey(Resources[Ref]?.Properties))]
      const folders = keys.flatMap((key) => assets.get(key) ?? [])
      const bundled = folders.filter((folder) => !relative(assembly, folder).startsWith('..'))
      return examine(bundled, Architectures?.includes('arm64') ? 'arm64' : 'x64').map(
        (problem) => `${name} ${id}: ${problem}`,
      )
    }),
  )
  if (problems.length > 0) throw new UnfitFunctions(problems.join('\n'))
}

function examine(folders: readonly string[], cpu: Cpu): string[] {
  const examined = folders.map((folder) => examineFolder(folder, cpu))
  const problems = examined.flatMap((folder) => folder.problems)
  const bytes = examined.reduce((sum, folder) => sum + folder.bytes, 0)
  if (bytes > MOST_UNZIPPED_BYTES)
    problems.push(`found ${bytes} bytes with its layers; allowed: ${MOST_UNZIPPED_BYTES}, unzipped`)
  return problems
}

function contentKey(layer: object | undefined): string {
  return (layer as { Content?: { S3Key?: string } } | undefined)?.Content?.S3Key ?? ''
}
