import * as z from 'zod'
import { ignored, parsedResources } from './resource-properties.ts'
import { ACCOUNT, functionArn, roleArn } from './resource-types.ts'
import { type Resource, type Stack, UnsupportedError } from './stack.ts'

/** Facts of a request that conditions look at; a key that is absent does not exist for this request. */
export type ConditionContext = Readonly<Record<string, readonly string[]>>

/** Whoever may call the services of this machine. */
export interface Principal {
  /** As AWS names it in refusals. */
  readonly arn: string
  decide(action: string, resource: string, context?: ConditionContext): Decision
}

export type Decision = 'allowed' | 'denied' | 'not allowed'

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())])

/** A statement of a policy. */
export const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: list,
  Resource: list,
  Condition: z.record(z.string(), z.record(z.string(), list)).optional(),
})
const document = z.strictObject({ Version: z.literal('2012-10-17'), Statement: z.array(statement) })
type Statement = z.infer<typeof statement>

const role = z.strictObject({
  AssumeRolePolicyDocument: z.object({
    Statement: z.array(z.object({ Effect: z.string(), Action: list, Principal: z.object({ Service: list }) })),
  }),
  Policies: z.array(z.object({ PolicyDocument: document })).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
  Description: z.string().optional(),
  RoleName: z.string().optional(),
  Tags: ignored,
})
const policy = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument: document,
  Roles: z.array(z.string()).default([]),
})

/** A role of the templates: the services that may assume it, and its statements. */
export interface Role {
  readonly name: string
  readonly trusted: readonly string[]
  readonly managedPolicies: readonly string[]
  readonly statements: readonly Statement[]
}

/**
 * The roles of all stacks by ARN, with the statements of their own and attached policies.
 * @throws UnsupportedError for a statement the runner cannot judge: NotAction, an unknown condition operator, a variable
 */
export function rolesOf(stacks: readonly Stack[]): Map<string, Role> {
  const policies = parsedResources(stacks, 'AWS::IAM::Policy', policy).map(({ properties }) => properties)
  return new Map(
    parsedResources(stacks, 'AWS::IAM::Role', role).map(({ resource, properties }) => {
      const name = resource.physicalId
      const attached = policies.filter(({ Roles }) => Roles.includes(name))
      const statements = [...properties.Policies, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      for (const each of statements) assertJudgeable(each, resource)
      const trusted = properties.AssumeRolePolicyDocument.Statement.filter(
        ({ Effect, Action }) => Effect === 'Allow' && Action.includes('sts:AssumeRole'),
      ).flatMap(({ Principal }) => Principal.Service)
      return [roleArn(name), { name, trusted, managedPolicies: properties.ManagedPolicyArns, statements }]
    }),
  )
}

/** A role as a function's code acts with it. */
export function assumeRole({ name, statements }: Role, functionName: string): Principal {
  const source = { 'lambda:SourceFunctionArn': [functionArn(functionName)] }
  return {
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/${functionName}`,
    decide: (action, resource, context) => evaluate(statements, action, resource, { ...context, ...source }),
  }
}

/** What statements say of an action: an explicit Deny wins, and nothing said is no permission. */
export function evaluate(
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: ConditionContext = {},
): Decision {
  const matching = statements.filter((each) => matches(each, action, resource, context))
  if (matching.some(({ Effect }) => Effect === 'Deny')) return 'denied'
  return matching.length > 0 ? 'allowed' : 'not allowed'
}

/** Whoever runs the factory: tests, and the command line's administrative commands. */
export const ADMINISTRATOR: Principal = {
  arn: `arn:aws:iam::${ACCOUNT}:user/administrator`,
  decide: () => 'allowed',
}

/** A refusal in AWS's words. */
export function accessDenied(principal: Principal, action: string, resource: string, decision: Decision): string {
  const because =
    decision === 'denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`
  return `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} ${because}`
}

function matches(each: Statement, action: string, resource: string, context: ConditionContext): boolean {
  return (
    each.Action.some((pattern) => matchesPattern(action.toLowerCase(), pattern.toLowerCase())) &&
    each.Resource.some((pattern) => matchesPattern(resource, pattern)) &&
    Object.entries(each.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => conditionHolds(operator, context[key], wanted)),
    )
  )
}

const OPERATOR = /^(ForAllValues:|ForAnyValue:)?(StringEquals|StringLike|StringNotEquals|ArnEquals|ArnLike)(IfExists)?$/

/** Condition keys that the endpoints give; of any other the runner could not say whether it holds. */
const CONDITION_KEYS = [
  'dynamodb:LeadingKeys',
  'lambda:SourceFunctionArn',
  's3:prefix',
  'secretsmanager:VersionStage',
  'secretsmanager:resource/AllowRotationLambdaArn',
]

/** IAM's evaluation: a key that does not exist fails, but for `…IfExists` and `ForAllValues:`. */
function conditionHolds(operator: string, values: readonly string[] | undefined, wanted: readonly string[]): boolean {
  const [, set, comparison = '', ifExists] = OPERATOR.exec(operator) ?? []
  if (values === undefined) return ifExists !== undefined || set === 'ForAllValues:'
  const one = (value: string) => {
    if (comparison === 'StringEquals') return wanted.includes(value)
    if (comparison === 'StringNotEquals') return !wanted.includes(value)
    return wanted.some((pattern) => matchesPattern(value, pattern))
  }
  return set === 'ForAllValues:' ? values.every(one) : values.some(one)
}

function assertJudgeable({ Action, Resource, Condition = {} }: Statement, resource: Resource): void {
  const where = `role ${resource.logicalId}`
  for (const operator of Object.keys(Condition))
    if (!OPERATOR.test(operator)) throw new UnsupportedError(`${where}: condition operator ${operator}`)
  for (const key of Object.values(Condition).flatMap((keys) => Object.keys(keys)))
    if (!CONDITION_KEYS.includes(key)) throw new UnsupportedError(`${where}: condition key ${key}`)
  const values = Object.values(Condition).flatMap((keys) => Object.values(keys).flat())
  for (const pattern of [...Action, ...Resource, ...values])
    if (pattern.includes('${')) throw new UnsupportedError(`${where}: policy variable in ${pattern}`)
}

/** `*` stands for any text, `?` for one character. */
export function matchesPattern(value: string, pattern: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${expression}$`, 's').test(value)
}
