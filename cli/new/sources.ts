import type { AbilityName } from './ability-name.ts'

/** What an example ability is called with, and by its test. */
export const EXAMPLE_INPUT = { text: 'hello' }

export interface NewAbility {
  readonly name: AbilityName
  readonly scope: string
  readonly privileged: boolean
}

/** `lambdas/skillsets/<skillset>/abilities/<name>.ts`. */
export function abilitySource({ name, scope, privileged }: NewAbility): string {
  return `import * as z from 'zod'
import { defineAbility } from '../../../runtime/define-ability.ts'

export const ${name.identifier} = defineAbility({
  name: '${name.tool}',
  title: '${name.title}',
  // The model chooses among tools by these words: what it does, and when to use it.
  description: 'Says a text back to the signed-in person.',
  scope: '${scope}',
${privileged ? "  level: 'privileged',\n" : ''}  annotations: { readOnlyHint: true },
  input: z.strictObject({
    text: z.string().max(200).describe('What to say'),
  }),
  output: z.object({
    text: z.string(),
  }),
  async run({ text }, { person }) {
    return { text: \`\${person.name}: \${text}\` }
  },
})
`
}

/** `test/lambdas/skillsets/<skillset>/<name>.test.ts`. */
export function abilityTestSource(skillset: string, { file, identifier }: AbilityName): string {
  return `import { expect, it } from 'vitest'
import { call } from '../../../../lambdas/runtime/testing.ts'
import { ${identifier} } from '../../../../lambdas/skillsets/${skillset}/abilities/${file}.ts'

const alice = { name: 'alice' }

it('says the text back to the person who calls', async () => {
  expect(await call(${identifier}, { text: '${EXAMPLE_INPUT.text}' }, { as: alice })).toEqual({ text: 'alice: ${EXAMPLE_INPUT.text}' })
})

it('refuses a text that is too long, and names the argument', async () => {
  await expect(call(${identifier}, { text: 'x'.repeat(201) }, { as: alice })).rejects.toThrow(/^text: /)
})
`
}

/** `lambdas/skillsets/<skillset>/skillset.ts`. */
export function skillsetSource(name: string, title: string, { identifier, file }: AbilityName): string {
  return `import { defineSkillset } from '../../runtime/define-skillset.ts'
import { ${identifier} } from './abilities/${file}.ts'

export default defineSkillset({
  name: '${name}',
  title: ${quoted(title)},
  // For the model: what these abilities are about, and how they belong together.
  instructions: 'Says things back.',
  abilities: [${identifier}],
})
`
}

/** `lambdas/skillsets/<skillset>/handler.ts`. */
export const HANDLER_SOURCE = `import { serve } from '../../runtime/serve.ts'
import skillset from './skillset.ts'

export const handler = serve(skillset)
`

/** As the formatter writes it; the text has no double quote and no backslash. */
function quoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`
}
