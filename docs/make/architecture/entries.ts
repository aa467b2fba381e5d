import type { SynthesizedStack } from '../../../local/cloud-assembly.ts'
import type { Arrow, Card, Row } from './diagram.ts'
import { asText, everyValue, readOutput, referenced, type Value } from './template-values.ts'

type Properties = Readonly<Record<string, Value>>
type Entry = readonly [id: string, properties: Properties]

/** What begins something in a stack: requests at its APIs, schedules, rotations, CloudFormation itself. */
export function entriesOf({ template }: SynthesizedStack): { cards: Card[]; arrows: Arrow[] } {
  const cards: Card[] = []
  const arrows: Arrow[] = []
  const ofType = (type: string): Entry[] =>
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, { Properties = {} }]) => [id, Properties])
  const properties = (id: string | undefined) => (id === undefined ? undefined : template.Resources[id])?.Properties
  /** The function of this stack that a URI, ARN or target leads to. */
  const functionIn = (value: Value): string | undefined =>
    [...everyValue(value)]
      .map(referenced)
      .find((id) => id !== undefined && template.Resources[id]?.Type === 'AWS::Lambda::Function')
  const arrow = (kind: Arrow['kind'], from: string, to: string | undefined) => {
    if (to !== undefined) arrows.push({ kind, from, to })
  }

  for (const [id, { Name }] of ofType('AWS::ApiGatewayV2::Api')) {
    const rows = ofType('AWS::ApiGatewayV2::Route').map(([route, { RouteKey, Target }]): Row => {
      const integration = [...everyValue(Target)].map(referenced).find((found) => properties(found)?.IntegrationUri)
      arrow('calls', route, functionIn(properties(integration)?.IntegrationUri))
      return { id: route, text: asText(RouteKey), ...(RouteKey === '$default' && { note: 'every other path' }) }
    })
    cards.push({ id, kind: 'entry', label: 'HTTP API', title: asText(Name), rows })
  }

  const pathOf = (resource: Value): string => {
    const found = properties(referenced(resource))
    return found?.PathPart === undefined ? '' : `${pathOf(found.ParentId)}/${asText(found.PathPart)}`
  }
  for (const [id, { Name }] of ofType('AWS::ApiGateway::RestApi')) {
    const rows = new Map<string, Row>()
    for (const [method, { HttpMethod, ResourceId, Integration, AuthorizerId }] of ofType('AWS::ApiGateway::Method')) {
      const { Type, Uri, ResponseTransferMode, IntegrationResponses } = Integration as Properties
      const mocked = Type === 'MOCK' && (IntegrationResponses as Properties[])[0]?.StatusCode
      const note = mocked
        ? `answered here: ${mocked}`
        : ResponseTransferMode === 'STREAM'
          ? 'streamed'
          : asText(Type ?? '')
      const key = `${pathOf(ResourceId)} ${note} ${referenced(AuthorizerId)}`
      const same = rows.get(key)
      rows.set(key, {
        id: same?.id ?? method,
        text: same
          ? same.text.replace(/ (?=\/)/, `, ${asText(HttpMethod)} `)
          : `${asText(HttpMethod)} ${pathOf(ResourceId)}`,
        note,
      })
      if (same) continue
      arrow('asks', method, functionIn(properties(referenced(AuthorizerId))?.AuthorizerUri))
      arrow('calls', method, functionIn(Uri))
    }
    cards.push({ id, kind: 'entry', label: 'REST API', title: asText(Name), rows: [...rows.values()] })
  }

  for (const [id, { RotationRules, RotationLambdaARN }] of ofType('AWS::SecretsManager::RotationSchedule')) {
    const every = `every ${(RotationRules as Properties).AutomaticallyAfterDays} days, and at creation`
    cards.push({
      id,
      kind: 'entry',
      label: 'Secrets Manager',
      title: 'Rotation',
      rows: [{ id: `${id}.`, text: every }],
    })
    arrow('calls', `${id}.`, functionIn(RotationLambdaARN))
  }

  for (const [id, { ScheduleExpression, Targets }] of ofType('AWS::Events::Rule')) {
    const row = { id: `${id}.`, text: asText(ScheduleExpression) }
    cards.push({ id, kind: 'entry', label: 'EventBridge', title: 'Rule', rows: [row] })
    for (const target of Targets as Properties[]) arrow('calls', row.id, functionIn(target.Arn))
  }

  const custom = Object.entries(template.Resources).filter(([, { Type }]) => Type.startsWith('Custom::'))
  if (custom.length > 0) {
    const rows = custom.map(([id, { Type }]): Row => ({ id, text: Type }))
    cards.push({ id: 'CloudFormation', kind: 'entry', label: 'CloudFormation', title: 'Custom resources', rows })
    for (const [id, { Properties = {} }] of custom) {
      const output = readOutput(Properties.ServiceToken)
      arrow('calls', id, output === undefined ? functionIn(Properties.ServiceToken) : foreignId(output))
    }
  }
  return { cards, arrows }
}

/** The card that stands for what another stack's output names. */
export function foreignId(output: string): string {
  return `output:${output}`
}
