import { Architecture, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda'
import type { LayerName } from '../../model/skillset-declaration.ts'
import type { FactoryFunction } from '../function.ts'
import { layerCode } from '../layers/layers.ts'
import type { NeedTarget } from './need-target.ts'

/** Parts of npm packages that cannot be bundled, for the deployed architecture. */
export function provideLayer(
  { scope, settings: { architecture, local } }: NeedTarget,
  functions: readonly FactoryFunction[],
  name: LayerName,
): void {
  const cpu = architecture === Architecture.ARM_64 ? 'arm64' : 'x64'
  const layer = new LayerVersion(scope, `Layer-${name}`, {
    description: `What the npm packages of ${name} bring that cannot be bundled`,
    code: layerCode(name, cpu, local),
    compatibleArchitectures: [architecture],
    compatibleRuntimes: [Runtime.NODEJS_24_X],
  })
  for (const each of functions) each.function.addLayers(layer)
}
