import type { SynthesizedStack, TemplateResource } from './cloud-assembly.ts'
import { ACCOUNT, generatedId, type Naming, REGION, resourceType } from './resource-types.ts'
import { type Resource, type Stack, UnsupportedError } from './stack.ts'

/** What the templates cannot know: what stands on this machine for something that AWS would make. */
export interface Surroundings {
  /** In place of attributes that only AWS could give, by `<type>.<attribute>`. */
  readonly attributes: Readonly<Record<string, string>>
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/**
 * Gives every resource its name and resolves every intrinsic function, as a deployment would.
 * @throws UnsupportedError naming a resource type, attribute or intrinsic that the runner does not stand for
 */
export function resolveTemplates(synthesized: readonly SynthesizedStack[], surroundings: Surroundings): Stack[] {
  const scopes = new Map(synthesized.map((stack) => [stack.name, new Scope(stack, surroundings, outputOf)]))
  function outputOf(stack: string, output: string, where: string): string {
    const scope = scopes.get(stack)
    if (scope === undefined)
      throw new UnsupportedError(`${where}: output ${output} of stack ${stack}, which is not here`)
    return scope.output(output, where)
  }
  return [...scopes.values()].map((scope) => scope.stack())
}

/** One template while its references are followed. */
class Scope {
  readonly #synthesized: SynthesizedStack
  readonly #surroundings: Surroundings
  readonly #outputOf: (stack: string, output: string, where: string) => string
  /** Names being found, to see a circle. */
  readonly #pending = new Set<string>()

  constructor(
    synthesized: SynthesizedStack,
    surroundings: Surroundings,
    outputOf: (stack: string, output: string, where: string) => string,
  ) {
    this.#synthesized = synthesized
    this.#surroundings = surroundings
    this.#outputOf = outputOf
  }

  stack(): Stack {
    const { name, template } = this.#synthesized
    const resources = inOrder(template.Resources).map(([logicalId, resource]) => this.#resource(logicalId, resource))
    const outputs = Object.fromEntries(
      Object.keys(template.Outputs ?? {}).map((output) => [output, this.output(output, name)]),
    )
    return { name, resources, outputs }
  }

  output(output: string, where: string): string {
    const { name, template } = this.#synthesized
    const declared = template.Outputs?.[output]
    if (declared === undefined) throw new UnsupportedError(`${where}: stack ${name} has no output ${output}`)
    return String(this.#resolve(declared.Value as Json, `${name} output ${output}`))
  }

  #resource(logicalId: string, resource: TemplateResource): Resource {
    const where = `${this.#synthesized.name}/${logicalId}`
    const type = resourceType(resource.Type, where)
    if (resource.Condition !== undefined && !type.ignored)
      throw new UnsupportedError(`${where}: Condition ${resource.Condition}`)
    const properties = type.ignored ? {} : this.#resolve((resource.Properties ?? {}) as Json, where)
    return {
      logicalId,
      type: resource.Type,
      physicalId: this.#physicalId(logicalId, where),
      properties: properties as Record<string, Json>,
    }
  }

  #resolve(value: Json, where: string): Json {
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item, where))
    if (typeof value === 'string' && value.includes('{{resolve:'))
      throw new UnsupportedError(`${where}: dynamic reference ${value}`)
    if (value === null || typeof value !== 'object') return value
    const [key, ...others] = Object.keys(value)
    if (key !== undefined && others.length === 0 && (key === 'Ref' || key.startsWith('Fn::')))
      return this.#intrinsic(key, value[key] ?? null, where)
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, item]) => [name, this.#resolve(item, `${where}.${name}`)] as const)
        .filter(([, item]) => item !== NO_VALUE),
    )
  }

  #intrinsic(name: string, argument: Json, where: string): Json {
    const resolved = (value: Json | undefined) => this.#resolve(value ?? null, where)
    const parts = Array.isArray(argument) ? argument : []
    switch (name) {
      case 'Ref':
        return this.#ref(String(argument), where)
      case 'Fn::GetAtt': {
        const [logicalId = '', ...attribute] = typeof argument === 'string' ? argument.split('.') : parts.map(String)
        return this.#attribute(logicalId, attribute.join('.'), where)
      }
      case 'Fn::Join':
        return (resolved(parts[1]) as Json[]).map(String).join(String(parts[0]))
      case 'Fn::Split':
        return String(resolved(parts[1])).split(String(parts[0]))
      case 'Fn::Select': {
        const selected = (resolved(parts[1]) as Json[])[Number(parts[0])]
        if (selected === undefined) throw new UnsupportedError(`${where}: Fn::Select of an index that is not there`)
        return selected
      }
      case 'Fn::Sub':
        return this.#substitute(argument, where)
      case 'Fn::GetStackOutput': {
        const { StackName, OutputName, ...rest } = resolved(argument) as Record<string, Json>
        if (rest.RoleArn !== undefined || (rest.Region !== undefined && rest.Region !== REGION))
          throw new UnsupportedError(`${where}: Fn::GetStackOutput of another account or region`)
        return this.#outputOf(String(StackName), String(OutputName), where)
      }
      default:
        throw new UnsupportedError(`${where}: intrinsic function ${name}`)
    }
  }

  #substitute(argument: Json, where: string): string {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}]
    const given = (variables ?? {}) as Record<string, Json>
    return String(text).replace(/\$\{(!?)([^}]+)\}/g, (whole, literal: string, name: string) => {
      if (literal) return `\${${name}}`
      if (Object.hasOwn(given, name)) return String(this.#resolve(given[name] ?? null, where))
      if (!name.includes('.')) return String(this.#ref(name, where))
      return String(this.#intrinsic('Fn::GetAtt', name, `${where} ${whole}`))
    })
  }

  #ref(name: string, where: string): Json {
    if (Object.hasOwn(PSEUDO_PARAMETERS, name)) return PSEUDO_PARAMETERS[name] ?? NO_VALUE
    if (name === 'AWS::StackName') return this.#synthesized.name
    if (name === 'AWS::StackId') return stackId(this.#synthesized.name)
    return this.#physicalId(name, where)
  }

  #physicalId(logicalId: string, where: string): string {
    const { definition, naming } = this.#named(logicalId, where)
    return this.#once(`Ref ${logicalId}`, where, () => definition.ref?.(naming) ?? generatedId(naming))
  }

  #attribute(logicalId: string, attribute: string, where: string): string {
    const { definition, naming, type } = this.#named(logicalId, where)
    const surrounding = this.#surroundings.attributes[`${type}.${attribute}`]
    if (surrounding !== undefined) return surrounding
    const find = definition.attributes?.[attribute]
    if (find === undefined) throw new UnsupportedError(`${where}: attribute ${attribute} of ${type}`)
    return this.#once(`${logicalId}.${attribute}`, where, () => find(naming))
  }

  #named(logicalId: string, where: string) {
    const resource = this.#synthesized.template.Resources[logicalId]
    if (resource === undefined) throw new UnsupportedError(`${where}: reference to ${logicalId}, which is no resource`)
    const naming: Naming = {
      stack: this.#synthesized.name,
      logicalId,
      name: (property) => {
        const value = this.#resolve((resource.Properties?.[property] ?? null) as Json, `${where}.${property}`)
        return typeof value === 'string' ? value : undefined
      },
    }
    return { definition: resourceType(resource.Type, where), naming, type: resource.Type }
  }

  #once<Found>(name: string, where: string, find: () => Found): Found {
    if (this.#pending.has(name)) throw new UnsupportedError(`${where}: circular dependency through ${name}`)
    this.#pending.add(name)
    try {
      return find()
    } finally {
      this.#pending.delete(name)
    }
  }
}

/** `AWS::NoValue`: the property is left out. */
const NO_VALUE = '\0AWS::NoValue'

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': NO_VALUE,
}

/** As CloudFormation tells it to custom resources. */
export function stackId(name: string): string {
  return `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${name}/00000000-0000-4000-8000-000000000000`
}

/** Every resource after those it depends on, by reference or DependsOn. */
function inOrder(resources: Readonly<Record<string, TemplateResource>>): [string, TemplateResource][] {
  const ordered = new Map<string, TemplateResource>()
  const visit = (id: string, above: readonly string[]): void => {
    const resource = resources[id]
    if (resource === undefined || ordered.has(id) || above.includes(id)) return
    const references = JSON.stringify(resource).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"([^".]+)|\$\{([^!}.]+)/g)
    const referenced = [...references].map(([, target, substituted]) => target ?? substituted ?? '')
    for (const dependency of [resource.DependsOn ?? [], referenced].flat(2)) visit(dependency, [...above, id])
    ordered.set(id, resource)
  }
  for (const id of Object.keys(resources)) visit(id, [])
  return [...ordered]
}
