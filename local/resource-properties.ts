import * as z from 'zod'
import { formatIssues } from '../model/config-error.ts'
import { SAYING_WHAT_IS_ALLOWED } from '../model/describe-issues.ts'
import { type Resource, type Stack, UnsupportedError } from './stack.ts'

/** A property that changes nothing on one machine: names, descriptions, tags, metrics, tracing, backups. */
export const ignored = z.unknown().optional()

/** How errors name a resource. */
export function label({ type, logicalId }: Pick<Resource, 'type' | 'logicalId'>): string {
  return `${type} ${logicalId}`
}

/**
 * A resource's properties as the file that stands for it knows them. Schemas are strict, so that a property nobody
 * thought of stops the start.
 * @throws UnsupportedError naming the resource and each property or value that is not stood for
 */
function parseProperties<Properties>(resource: Resource, schema: z.ZodType<Properties>): Properties {
  const result = schema.safeParse(resource.properties, SAYING_WHAT_IS_ALLOWED)
  if (result.success) return result.data
  throw new UnsupportedError(`${label(resource)}: ${formatIssues(result.error.issues).join('; ')}`)
}

export function resourcesOfType(stacks: readonly Pick<Stack, 'resources'>[], ...types: readonly string[]): Resource[] {
  return stacks.flatMap(({ resources }) => resources.filter(({ type }) => types.includes(type)))
}

/** All resources of a type, with their properties read. */
export function parsedResources<Properties>(
  stacks: readonly Pick<Stack, 'resources'>[],
  type: string,
  schema: z.ZodType<Properties>,
): { readonly resource: Resource; readonly properties: Properties }[] {
  return resourcesOfType(stacks, type).map((resource) => ({ resource, properties: parseProperties(resource, schema) }))
}
