import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AssetHashType, DockerImage } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import type { LayerName } from '../../model/skillset-declaration.ts'
import { PROJECT_ROOT } from '../project-root.ts'
import { type Cpu, layerPackages } from './contents.ts'
import { lockedPackages } from './lockfile.ts'
import { npmPack } from './package-source.ts'
import { writeLayer } from './write-layer.ts'

/**
 * A layer's content. On one machine it is a note alone: there functions find the packages where npm has put them.
 * @param cpu of the deployed architecture
 */
export function layerCode(name: LayerName, cpu: Cpu, local: boolean): Code {
  const packages = layerPackages(name, cpu)
  const locked = lockedPackages(PROJECT_ROOT)
  const identity = JSON.stringify([local, packages.map((each) => [each, locked(each.name)])])
  const nodeModules = join(PROJECT_ROOT, 'node_modules')
  const sources = { nodeModules, cache: join(nodeModules, '.cache', 'layers'), locked, download: npmPack }
  return Code.fromAsset(PROJECT_ROOT, {
    // Of what it is made of: to read tens of megabytes once more would say the same.
    assetHashType: AssetHashType.CUSTOM,
    assetHash: createHash('sha256').update(identity).digest('hex'),
    bundling: {
      // Neither pulled nor run.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle: (directory) => {
          if (local) writeFileSync(join(directory, 'on-one-machine.txt'), packages.map((each) => each.name).join('\n'))
          else writeLayer(packages, cpu, directory, sources)
          return true
        },
      },
    },
  })
}
