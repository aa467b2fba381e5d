import type { Need } from '../../model/skillset-declaration.ts'
import type { NeedTarget } from './need-target.ts'
import { provideSecret } from './secret.ts'
import { provideTable } from './table.ts'

/** Gives a skillset's function what its abilities need, and the rights to it. */
export function provide(need: Need, target: NeedTarget): void {
  switch (need.kind) {
    case 'table':
      provideTable(target)
      break
    case 'secret':
      provideSecret(target, need.name)
      break
  }
}
