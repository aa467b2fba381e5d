import type { ConfiguredSkillset, Need } from '../../model/skillset-declaration.ts'
import type { FactoryFunction } from '../function.ts'
import { provideAthena } from './athena.ts'
import { provideBucket } from './bucket.ts'
import { provideFiles } from './files.ts'
import { provideLayer } from './layer.ts'
import type { NeedTarget } from './need-target.ts'
import { joinVpc } from './network.ts'
import { addJob } from './schedule.ts'
import { provideSecret } from './secret.ts'
import { resize } from './size.ts'
import { provideTable } from './table.ts'

/** Gives a skillset what it needs, each thing once: to the function that serves it and to those of its jobs. */
export function provideNeeds({ name, needs }: ConfiguredSkillset, target: NeedTarget): void {
  const jobs = needs.filter((need) => need.kind === 'schedule').map((need) => addJob(target, name, need))
  const functions = [target.function, ...jobs]
  for (const need of needs) provide(need, target, functions)
  if (target.network) for (const each of functions) joinVpc(each, target.network)
}

function provide(need: Need, target: NeedTarget, functions: readonly FactoryFunction[]): void {
  switch (need.kind) {
    case 'table':
      provideTable(target, functions)
      break
    case 'secret':
      provideSecret(target, functions, need.name)
      break
    case 'bucket':
      provideBucket(target, functions, need)
      break
    case 'files':
      provideFiles(target, functions, need)
      break
    case 'athena':
      provideAthena(target, functions, need)
      break
    case 'layer':
      provideLayer(target, functions, need.name)
      break
    case 'size':
      resize(functions, need)
      break
    case 'schedule':
      // Its job is among the functions.
      break
  }
}
