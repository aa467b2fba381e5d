import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import { sql } from '../schemas.ts'
import type { DataServices } from '../services.ts'

export const explainQuery = defineAbility({
  name: 'explain_query',
  title: 'Explain a query',
  description:
    "The engine's plan of a statement, which does not run: whether it is valid, and what makes it slow or expensive.",
  scope: 'data:query',
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: z.strictObject({ sql }),
  output: z.object({ dialect: z.string(), plan: z.string() }),
  async run({ sql }, { person, services: { engine, leases }, signal }: AbilityContext<DataServices>) {
    const plan = await leases.during(person, () => engine.explain({ tenant: person.tenant }, sql, signal))
    return { dialect: engine.dialect, plan }
  },
})
