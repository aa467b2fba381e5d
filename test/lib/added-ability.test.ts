import { describe, expect, it } from 'vitest'
import type { Need } from '../../model/skillset-declaration.ts'
import { SKILLSETS, sampleTemplates } from './sample-factory.ts'

const PRODUCTIVITY = 'prod-mcp-server-productivity'
const before = sampleTemplates()

/** The sample factory with an ability of a new scope, and with what it needs beside. */
function withAbility(...needs: readonly Need[]) {
  const { productivity } = SKILLSETS
  const ability = { name: 'send', title: 'Send', scope: 'mail:send', level: 'everyday' } as const
  return sampleTemplates({
    skillsets: {
      ...SKILLSETS,
      productivity: {
        ...productivity,
        abilities: [...productivity.abilities, ability],
        needs: [...productivity.needs, ...needs],
      },
    },
  })
}

/** What differs in a stack: `type property`, each once. */
function changes(after: ReturnType<typeof sampleTemplates>, stack: string): string[] {
  const [one = {}, other = {}] = [before, after].map((templates) => templates[stack]?.Resources)
  const changed = new Set<string>()
  for (const id of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const properties = new Set([one, other].flatMap((each) => Object.keys(each[id]?.Properties ?? {})))
    for (const property of properties)
      if (JSON.stringify(one[id]?.Properties[property]) !== JSON.stringify(other[id]?.Properties[property]))
        changed.add(`${(other[id] ?? one[id])?.Type} ${property}`)
  }
  // A deployment is made anew: all of its properties.
  return [...changed].filter((change) => !change.startsWith('AWS::ApiGateway::Deployment ')).sort()
}

const NEW_SCOPE = [
  'AWS::ApiGateway::GatewayResponse ResponseParameters',
  'AWS::ApiGateway::Method Integration',
  'AWS::ApiGateway::Stage DeploymentId',
  'Custom::McpServer Registration',
]

describe('an added ability', () => {
  it.each<[string, Need[], string[]]>([
    ['a new scope', [], NEW_SCOPE],
    [
      'a new scope and a new need',
      [{ kind: 'secret', name: 'mail-server', optional: false }],
      [...NEW_SCOPE, 'AWS::IAM::Policy PolicyDocument', 'AWS::Lambda::Function Environment'],
    ],
  ])('with %s changes challenge, metadata and role of its own stack and nothing else', (_case, needs, expected) => {
    const after = withAbility(...needs)
    expect(changes(after, PRODUCTIVITY)).toEqual([...expected].sort())
    for (const [stack, template] of Object.entries(before))
      if (stack !== PRODUCTIVITY) expect(after[stack]).toEqual(template)
  })
})
