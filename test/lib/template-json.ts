/** Any JSON: what a template's properties are to a test. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into properties whose shape CloudFormation knows
export type Json = any

export interface Resource {
  readonly Type: string
  readonly Properties: Json
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
  readonly DependsOn?: string | readonly string[]
}

export interface TemplateJson {
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: Json }>>
}

export function resourcesOfType(template: TemplateJson, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type)
}

/** The one resource of a type. */
export function only(template: TemplateJson, type: string): Resource {
  const [first, ...others] = resourcesOfType(template, type)
  if (first === undefined || others.length > 0) throw new Error(`${1 + others.length} resources of type ${type}`)
  return first[1]
}

/** A server's data table and its table for conversations, each where it has one, by the name of its construct. */
export function serverTable(template: TemplateJson, name: 'Data' | 'Conversation'): Resource | undefined {
  return resourcesOfType(template, 'AWS::DynamoDB::GlobalTable').find(([id]) => id.startsWith(name))?.[1]
}

/** The function of a bundle, by the service name in its environment. */
export function functionOf(template: TemplateJson, service: string): [string, Resource] {
  const found = resourcesOfType(template, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME === service,
  )
  if (found === undefined) throw new Error(`no function ${service}`)
  return found
}

export interface RoleStatement {
  /** Logical ids. */
  readonly role: string
  readonly policy: string
  readonly index: number
  readonly statement: Json
}

/** Every statement of every role of a template: what a role may do is nowhere else. */
export function roleStatements(template: TemplateJson): RoleStatement[] {
  return resourcesOfType(template, 'AWS::IAM::Policy').flatMap(([policy, { Properties }]) =>
    Properties.Roles.flatMap(({ Ref }: Json) =>
      Properties.PolicyDocument.Statement.map((statement: Json, index: number) => ({
        role: Ref,
        policy,
        index,
        statement,
      })),
    ),
  )
}

/** Every string anywhere in a value, with its path. */
export function strings(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => strings(inner, `${path}/${key}`))
}

/** A resolved `Fn::Join` as one string; what an intrinsic stands for is written `<Ref X>`. */
export function joined(value: Json): string {
  if (typeof value === 'string') return value
  if (value['Fn::Join']) return value['Fn::Join'][1].map(joined).join(value['Fn::Join'][0])
  if (value['Fn::GetStackOutput']) return `<${value['Fn::GetStackOutput'].OutputName}>`
  return `<${Object.values(value).flat().join('.')}>`
}
