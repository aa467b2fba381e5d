import type { SynthesizedStack, TemplateResource } from '../../../local/cloud-assembly.ts'
import type { Arrow, Card, CardKind, Row } from './diagram.ts'
import { foreignId } from './entries.ts'
import { asText, readOutput, referenced, type Value } from './template-values.ts'

interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: Value | readonly Value[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

const READING = ['GetItem', 'BatchGetItem', 'Query', 'GetSecretValue', 'DescribeSecret', 'GetObject']
const WRITING = [
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'PutSecretValue',
  'UpdateSecretVersionStage',
  'PutObject',
  'DeleteObject',
]
const LISTING = ['ListBucket']

const KINDS: Readonly<Record<string, { readonly kind: CardKind; readonly label: string }>> = {
  'AWS::DynamoDB::GlobalTable': { kind: 'data', label: 'DynamoDB table' },
  'AWS::S3::Bucket': { kind: 'data', label: 'S3 bucket' },
  'AWS::SecretsManager::Secret': { kind: 'secret', label: 'Secret' },
  'AWS::Cognito::UserPool': { kind: 'identity', label: 'Cognito user pool' },
}

/** What the functions of a stack may touch: their roles' statements, and nothing but those; and where people sign in. */
export function usesOf({ template }: SynthesizedStack): { cards: Card[]; arrows: Arrow[] } {
  const cards = new Map<string, Card & { rows: Row[] }>()
  const arrows: Arrow[] = []
  const card = (id: string, described: Omit<Card, 'id' | 'rows'>) => {
    const found = cards.get(id) ?? { id, ...described, rows: [] }
    cards.set(id, found)
    return found
  }
  const use = (used: Card & { rows: Row[] }, by: string, what: string) => {
    const id = `${used.id}<${by}`
    const at = used.rows.findIndex((row) => row.id === id)
    const before = used.rows[at]
    if (before === undefined) {
      used.rows.push({ id, text: serviceName(template.Resources[by]), note: what })
      arrows.push({ kind: 'uses', from: by, to: id })
    } else used.rows[at] = { ...before, note: `${before.note}; ${what}` }
  }

  for (const [role, statement] of statementsOf(template.Resources)) {
    const by = Object.entries(template.Resources).find(
      ([, { Type, Properties }]) => Type === 'AWS::Lambda::Function' && referenced(Properties?.Role) === role,
    )?.[0]
    if (by === undefined) continue
    for (const resource of Array.isArray(statement.Resource) ? statement.Resource : [statement.Resource]) {
      const [whole, objects] = bucketAndObjects(resource, template.Resources)
      const described = describe(whole, template.Resources)
      if (described !== 'not drawn') use(card(described.id, described), by, rightsIn(statement, objects))
    }
  }

  for (const [by, { Type, Properties }] of Object.entries(template.Resources)) {
    const issuer = (Properties?.Environment as { Variables?: Record<string, Value> } | undefined)?.Variables
      ?.UPSTREAM_ISSUER
    if (Type !== 'AWS::Lambda::Function' || issuer === undefined) continue
    const pool = referenced(issuer)
    const provider = Object.values(template.Resources).find((found) => found.Type.endsWith('UserPoolIdentityProvider'))
    const upstream =
      pool === undefined
        ? card('upstream', { kind: 'identity', label: 'Identity provider', title: asText(issuer), foreign: true })
        : card(pool, { ...knownKind(template.Resources[pool]), title: stripHash(pool) })
    use(
      upstream,
      by,
      pool === undefined
        ? 'signs people in'
        : `signs people in, federated to ${asText(provider?.Properties?.ProviderName)}`,
    )
  }
  return { cards: [...cards.values()], arrows }
}

function* statementsOf(
  resources: SynthesizedStack['template']['Resources'],
): Generator<[string | undefined, Statement]> {
  for (const { Type, Properties } of Object.values(resources)) {
    if (Type !== 'AWS::IAM::Policy') continue
    const { Statement } = Properties?.PolicyDocument as { Statement: readonly Statement[] }
    for (const role of Properties?.Roles as Value[])
      for (const statement of Statement) yield [referenced(role), statement]
  }
}

/** Rights on objects are drawn at their bucket, with the pattern of keys that they are for. */
function bucketAndObjects(
  resource: Value,
  resources: SynthesizedStack['template']['Resources'],
): readonly [whole: Value, objects: string | undefined] {
  const [, bucket = '', objects] = /^<(\w+)>\/(.+)$/.exec(asText(resource)) ?? []
  if (objects === undefined || resources[bucket]?.Type !== 'AWS::S3::Bucket') return [resource, undefined]
  return [{ Ref: bucket }, objects === '*' ? undefined : objects]
}

/** Logs of one's own and traces are everybody's, and would say nothing; whatever else there is, is drawn. */
function describe(
  resource: Value,
  resources: SynthesizedStack['template']['Resources'],
): 'not drawn' | Omit<Card, 'rows'> {
  const id = referenced(resource)
  if (id !== undefined && resources[id]?.Type === 'AWS::Logs::LogGroup') return 'not drawn'
  if (resource === '*') return 'not drawn'
  if (id !== undefined) return { id, ...knownKind(resources[id]), title: stripHash(id) }
  const output = readOutput(resource)
  if (output === 'TableArn')
    return {
      id: foreignId(output),
      kind: 'data',
      label: `DynamoDB table, by output ${output}`,
      title: 'Table',
      foreign: true,
    }
  const secret = /:secret:(.+)-\?{6}$/.exec(asText(resource))?.[1]
  return {
    id: asText(resource),
    kind: secret === undefined ? 'data' : 'secret',
    label: secret === undefined ? 'Resource' : 'Secret, stored beforehand',
    title: secret ?? asText(resource),
    foreign: true,
  }
}

function knownKind(resource: TemplateResource | undefined): { readonly kind: CardKind; readonly label: string } {
  return KINDS[resource?.Type ?? ''] ?? { kind: 'data', label: resource?.Type ?? 'Resource' }
}

function rightsIn({ Action, Condition = {} }: Statement, objects = 'all of it'): string {
  const actions = (typeof Action === 'string' ? [Action] : Action).map((action) => action.replace(/^.*:/, ''))
  const verbs = [
    ...(actions.some((action) => READING.includes(action)) ? ['reads'] : []),
    ...(actions.some((action) => WRITING.includes(action)) ? ['writes'] : []),
    ...(actions.some((action) => LISTING.includes(action)) ? ['lists'] : []),
    ...actions.filter((action) => ![...READING, ...WRITING, ...LISTING].includes(action)),
  ]
  const keys = Object.values(Condition).flatMap((operands) => operands['dynamodb:LeadingKeys'] ?? [])
  return `${verbs.join(' and ')} ${keys.length > 0 ? keys.join(', ') : objects}`
}

/** CDK ends a logical id with eight characters of a hash. */
function stripHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '')
}

export function serviceName(resource: TemplateResource | undefined): string {
  const environment = resource?.Properties?.Environment as { Variables?: Record<string, Value> } | undefined
  return asText(environment?.Variables?.POWERTOOLS_SERVICE_NAME ?? '')
}
