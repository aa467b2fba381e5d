import type { Annotations, Icon } from '@modelcontextprotocol/server'
import type * as z from 'zod'
import type { ScopeLevel } from '../../model/scopes.ts'
import { type AbilityDeclaration, SkillsetError } from '../../model/skillset-declaration.ts'
import type { AbilityContext } from './ability-context.ts'
import type { Completions } from './completions.ts'
import { checkedIcons } from './icons.ts'
import { assertCompletable, parseArguments } from './parse-arguments.ts'

/** Text, or the bytes of what is none. */
export type ResourceContent = string | Uint8Array

interface ResourceMetadata {
  readonly title: string
  /** For the model and the person who choose among resources: what is in it. */
  readonly description: string
  /** The OAuth scope a token needs to read it. */
  readonly scope: string
  /** `everyday` (default) is asked for at sign-in; `privileged` only some people may hold. */
  readonly level?: ScopeLevel
  readonly mimeType: string
  /** For whom it is and how much it matters. */
  readonly annotations?: Annotations
  readonly icons?: Icon[]
}

/** What the author of a resource writes. */
export interface ResourceDefinition<Services> extends ResourceMetadata {
  /** Absolute, such as `calendar://upcoming`; clients read it by exactly this text. */
  readonly uri: string
  /** Bytes, where that is known. */
  readonly size?: number
  /** @throws AbilityError for a refusal that the caller can act on */
  readonly read: (context: AbilityContext<Services>) => ResourceContent | Promise<ResourceContent>
}

/** What the author of a resource template writes. */
export interface ResourceTemplateDefinition<Arguments extends z.ZodObject, Services> extends ResourceMetadata {
  /** RFC 6570, level 1: `calendar://days/{timeZone}/{date}`. */
  readonly uri: string
  /** What its variables may be; they come decoded. */
  readonly arguments: Arguments
  readonly complete?: Completions<Services>
  /** @throws AbilityError for a refusal that the caller can act on */
  readonly read: (
    given: z.output<Arguments>,
    context: AbilityContext<Services>,
  ) => ResourceContent | Promise<ResourceContent>
}

/** One MCP resource, or the template of many; its `name` is the URI or the template of URIs. */
export interface Resource<Services = never> extends AbilityDeclaration {
  readonly isTemplate: boolean
  readonly description: string
  readonly mimeType: string
  readonly size?: number
  readonly annotations?: Annotations
  readonly icons?: Icon[]
  readonly complete: Completions<Services>
  /** @throws AbilityError `invalid_arguments` naming each wrong variable, or whatever the resource refuses with */
  readonly read: (
    variables: Readonly<Record<string, string>>,
    context: AbilityContext<Services>,
  ) => Promise<ResourceContent>
}

/** RFC 3986 §4.3: a scheme, and something after it. */
const ABSOLUTE_URI = /^[a-z][a-z0-9+.-]*:[^\s{}]+$/i
const VARIABLE = /\{([A-Za-z0-9_]+)\}/g

/**
 * Declares a resource with a URI of its own.
 * @throws SkillsetError for a URI that is not absolute, and for icons that clients may not load
 */
export function defineResource<Services = unknown>({
  uri,
  read,
  ...metadata
}: ResourceDefinition<Services>): Resource<Services> {
  if (!ABSOLUTE_URI.test(uri))
    throw wrongUri(uri, 'an absolute URI without spaces and braces, such as calendar://upcoming')
  return {
    ...metadata,
    ...common(uri, metadata),
    isTemplate: false,
    complete: {},
    read: async (_variables, context) => await read(context),
  }
}

/**
 * Declares the resources of a URI template. The types of what `read` is given follow from the schema.
 * @throws SkillsetError for a template that is not usable, or whose variables are not the schema's
 */
export function defineResourceTemplate<Arguments extends z.ZodObject, Services = unknown>({
  uri,
  arguments: schema,
  complete = {},
  read,
  ...metadata
}: ResourceTemplateDefinition<Arguments, Services>): Resource<Services> {
  const variables = [...uri.matchAll(VARIABLE)].map(([, name]) => name)
  if (variables.length === 0 || !areApart(uri) || !ABSOLUTE_URI.test(uri.replaceAll(VARIABLE, 'x')))
    throw wrongUri(
      uri,
      'an absolute URI with {variables} apart from each other, all but two of them by a slash, such as calendar://days/{date}',
    )
  const declared = Object.keys(schema.shape)
  if (variables.toSorted().join() !== declared.toSorted().join())
    throw wrongUri(uri, `the variables that its arguments declare (${declared.join(', ') || 'none'}), each once`)
  assertCompletable(`resource ${uri}`, complete, schema)
  return {
    ...metadata,
    ...common(uri, metadata),
    isTemplate: true,
    complete,
    read: async (given, context) => await read(await parseArguments(schema, given), context),
  }
}

/**
 * Whether it is plain where each variable ends. A variable holds anything but slashes: between two that touch nothing
 * says it, and with more than one border that a variable could hold, too, a long URI takes seconds to match.
 */
function areApart(uri: string): boolean {
  const between = uri.split(/\{\w+\}/).slice(1, -1)
  return !between.includes('') && between.filter((text) => !text.includes('/')).length <= 1
}

function common(uri: string, { level = 'everyday', icons }: ResourceMetadata) {
  return { name: uri, level, ...checkedIcons(`resource ${uri}`, icons) }
}

function wrongUri(uri: string, allowed: string): SkillsetError {
  return new SkillsetError(`a resource's uri: found ${JSON.stringify(uri)}; allowed: ${allowed}`)
}
