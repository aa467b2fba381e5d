import { formatScope } from '../../model/scopes.ts'
import type { Ability } from './define-ability.ts'
import type { Admission } from './gate-context.ts'

/** Whether one message may call an ability. `unknown` also stands for what this person may never have. */
export type AbilityAdmission<One> =
  | { readonly decision: 'admitted'; readonly ability: One }
  | { readonly decision: 'unknown' }
  | { readonly decision: 'insufficient_scope'; readonly missing: string; readonly scope: string }

type Named = Pick<Ability, 'name' | 'scope'>

/** The abilities this person may ever use, whatever this token holds: what `tools/list` shows. */
export function visibleAbilities<One extends Named>(abilities: readonly One[], { ceiling }: Admission): One[] {
  return abilities.filter(({ scope }) => ceiling.includes(scope))
}

/**
 * Decides from the body's tool name, once per message: the gate could judge by headers only, and headers can be wrong
 * (RS-06). An ability above the ceiling is answered like one that does not exist: asking for its scope would loop.
 */
export function admitAbility<One extends Named>(
  name: string,
  abilities: readonly One[],
  admission: Admission,
): AbilityAdmission<One> {
  const ability = visibleAbilities(abilities, admission).find((one) => one.name === name)
  if (!ability) return { decision: 'unknown' }
  const { scopes } = admission.person
  if (scopes.includes(ability.scope)) return { decision: 'admitted', ability }
  // All scopes needed: those already held too, or asking again would lose them.
  return { decision: 'insufficient_scope', missing: ability.scope, scope: formatScope([...scopes, ability.scope]) }
}
