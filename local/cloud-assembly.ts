import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UnsupportedError } from './stack.ts'

/** A template as CDK wrote it. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>
  readonly Resources: Readonly<Record<string, TemplateResource>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
}

export interface TemplateResource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  readonly DependsOn?: string | readonly string[]
  readonly Condition?: string
}

export interface SynthesizedStack {
  readonly name: string
  readonly template: Template
  /** Object key in the bootstrap bucket -> directory or file in the assembly. */
  readonly assets: ReadonlyMap<string, string>
}

interface Manifest {
  readonly artifacts: Readonly<Record<string, Artifact>>
}

interface Artifact {
  readonly type: string
  readonly dependencies?: readonly string[]
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly file?: string }
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string }
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>
      }
    >
  >
}

/**
 * Reads what `node bin/app.ts` wrote, every stack after those it depends on.
 * @throws UnsupportedError for a kind of artifact that the runner does not know
 */
export function readCloudAssembly(directory: string): SynthesizedStack[] {
  const readJson = <Content>(file: string) => JSON.parse(readFileSync(join(directory, file), 'utf8')) as Content
  const { artifacts } = readJson<Manifest>('manifest.json')
  const stacks = new Map<string, SynthesizedStack>()

  const visit = (id: string): void => {
    const artifact = artifacts[id]
    if (artifact === undefined || stacks.has(id)) return
    for (const dependency of artifact.dependencies ?? []) visit(dependency)
    if (artifact.type === 'aws:cloudformation:stack') stacks.set(id, readStack(id, artifact))
    else if (!['cdk:asset-manifest', 'cdk:tree', 'cdk:feature-flag-report'].includes(artifact.type))
      throw new UnsupportedError(`artifact ${id} of the cloud assembly: type ${artifact.type}`)
  }

  // PLATFORM 23: an app run without the CLI writes no aws:asset:path, so code is found by its object key.
  const readStack = (id: string, artifact: Artifact): SynthesizedStack => {
    const assets = new Map<string, string>()
    for (const dependency of artifact.dependencies ?? []) {
      const file = artifacts[dependency]?.properties?.file
      if (artifacts[dependency]?.type !== 'cdk:asset-manifest' || file === undefined) continue
      for (const { source, destinations } of Object.values(readJson<AssetManifest>(file).files ?? {}))
        for (const { objectKey } of Object.values(destinations))
          if (source.path !== undefined) assets.set(objectKey, resolve(directory, source.path))
    }
    const template = readJson<Template>(artifact.properties?.templateFile ?? '')
    return { name: artifact.properties?.stackName ?? id, template, assets }
  }

  for (const id of Object.keys(artifacts)) visit(id)
  return [...stacks.values()]
}
