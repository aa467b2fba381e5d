import type { Need, SkillsetDeclaration } from '../../model/skillset-declaration.ts'
import type { FactoryFunction } from '../function.ts'
import type { NeedTarget } from './need-target.ts'
import { addJob } from './schedule.ts'
import { provideSecret } from './secret.ts'
import { provideTable } from './table.ts'
import { joinVpc } from './vpc.ts'

/** Gives a skillset what it needs, each thing once: to the function that serves it and to those of its jobs. */
export function provideNeeds({ name, needs }: SkillsetDeclaration, target: NeedTarget): void {
  const jobs = needs.filter((need) => need.kind === 'schedule').map((need) => addJob(target, name, need))
  const functions = [target.function, ...jobs]
  for (const need of needs) provide(need, target, functions)
  if (target.vpc) for (const each of functions) joinVpc(each, target.vpc)
}

function provide(need: Need, target: NeedTarget, functions: readonly FactoryFunction[]): void {
  switch (need.kind) {
    case 'table':
      provideTable(target, functions)
      break
    case 'secret':
      provideSecret(target, functions, need.name)
      break
    case 'schedule':
      // Its job is among the functions.
      break
  }
}
