import type { Template, TemplateResource } from '../../local/cloud-assembly.ts'

/** One statement of one role, or one managed policy of it. */
export interface Grant {
  readonly stack: string
  /** Logical id. */
  readonly role: string
  /** A managed policy has its name in place of a `Sid`. */
  readonly sid: string
}

interface Statement {
  readonly Sid?: string
}

interface PolicyProperties {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] }
  readonly Roles: readonly { readonly Ref: string }[]
}

/**
 * What a template grants to its roles.
 * @throws Error for a statement without a `Sid`, and for policies inside roles: nothing could name their probe
 */
export function grantsOf(stack: string, { Resources }: Template): Grant[] {
  return Object.entries(Resources).flatMap(([logicalId, resource]) => {
    if (resource.Type === 'AWS::IAM::Role') {
      if (resource.Properties?.Policies !== undefined) throw new Error(`${logicalId} of ${stack} has inline policies`)
      return managedPolicies(resource).map((sid) => ({ stack, role: logicalId, sid }))
    }
    if (resource.Type !== 'AWS::IAM::Policy') return []
    const { PolicyDocument, Roles } = resource.Properties as unknown as PolicyProperties
    return PolicyDocument.Statement.flatMap(({ Sid }) =>
      Roles.map(({ Ref: role }) => {
        if (Sid === undefined) throw new Error(`${logicalId} of ${stack} has a statement without a Sid`)
        return { stack, role, sid: Sid }
      }),
    )
  })
}

/** The template without the grants of these kinds. */
export function withoutGrants(template: Template, sids: readonly string[]): Template {
  const entries = Object.entries(template.Resources).map(([logicalId, resource]): [string, TemplateResource] => {
    if (resource.Type === 'AWS::IAM::Role' && managedPolicies(resource).some((name) => sids.includes(name)))
      return [logicalId, { ...resource, Properties: { ...resource.Properties, ManagedPolicyArns: [] } }]
    if (resource.Type !== 'AWS::IAM::Policy') return [logicalId, resource]
    const properties = resource.Properties as unknown as PolicyProperties
    const Statement = properties.PolicyDocument.Statement.filter(({ Sid }) => !sids.includes(Sid ?? ''))
    const PolicyDocument = { ...properties.PolicyDocument, Statement }
    return [logicalId, { ...resource, Properties: { ...resource.Properties, PolicyDocument } }]
  })
  return { ...template, Resources: Object.fromEntries(entries) }
}

/** The last part of each managed policy's ARN, which is a join of the partition and text. */
function managedPolicies({ Properties }: TemplateResource): string[] {
  const arns = (Properties?.ManagedPolicyArns ?? []) as unknown[]
  return arns.map((arn) => /([A-Za-z0-9-]+)"?[\]})"]*$/.exec(JSON.stringify(arn))?.[1] ?? JSON.stringify(arn))
}
