import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { Need } from '../../model/skillset-declaration.ts'
import type { FactoryFunction } from '../function.ts'

/** Jobs do what the server does: they are as large. */
export function resize(
  functions: readonly FactoryFunction[],
  { memoryMegabytes, ephemeralMegabytes }: Extract<Need, { kind: 'size' }>,
): void {
  for (const each of functions) {
    const resource = each.function.node.defaultChild as CfnFunction
    resource.memorySize = memoryMegabytes
    resource.ephemeralStorage = { size: ephemeralMegabytes }
  }
}
