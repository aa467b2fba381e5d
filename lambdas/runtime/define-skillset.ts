import type { Icon } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { type AthenaAccess, type Need, type SkillsetDeclaration, scopesOf } from '../../model/skillset-declaration.ts'
import type { Bucket } from './bucket.ts'
import type { Ability } from './define-ability.ts'
import type { Prompt } from './define-prompt.ts'
import type { Resource } from './define-resource.ts'
import { checkedIcons } from './icons.ts'
import type { SecretNeed } from './needs.ts'
import type { Table } from './table.ts'

/** What `services` may build with; whatever comes of a need only where the skillset declared it. */
export type ServiceTools<Needs extends readonly Need[], Options> = {
  /** The config's `options` of this server, validated. */
  readonly options: Options
  /** The authorization server's identifier: the factory's own origin. */
  readonly issuer: string
} & Tool<Needs, 'table', { readonly table: Table }> &
  Tool<Needs, 'bucket', { readonly bucket: Bucket }> &
  Tool<Needs, 'files', { readonly files: Files }> &
  Tool<Needs, 'athena', { readonly athena: Athena }> &
  (Extract<Needs[number], { kind: 'secret' }> extends never
    ? unknown
    : {
        /** Reads a declared secret; an optional one that was never set is undefined. */
        readonly secret: <Name extends SecretName<Needs>>(name: Name) => Promise<SecretValue<Needs, Name>>
      })

/** Where the files are that the need `files` gives. */
export type Files = { readonly folder: string } | { readonly bucket: string; readonly prefix: string }

/** How each tenant's statements run, by tenant. */
export type Athena = Readonly<Record<string, AthenaAccess>>

/** A need that only some options bring gives a tool that may be missing. */
type Tool<Needs extends readonly Need[], Kind extends Need['kind'], Given> =
  Extract<Needs[number], { kind: Kind }> extends never
    ? unknown
    : [IsSure<Needs, Kind>] extends [true]
      ? Given
      : Partial<Given>

/** Whether a list of needs has one of a kind; of a union of lists, whether each has. */
type IsSure<Needs extends readonly Need[], Kind extends Need['kind']> = Needs extends readonly [
  infer First,
  ...infer Rest extends readonly Need[],
]
  ? First extends { kind: Kind }
    ? true
    : IsSure<Rest, Kind>
  : false

type SecretName<Needs extends readonly Need[]> = Extract<Needs[number], { kind: 'secret' }>['name']
type SecretValue<Needs extends readonly Need[], Name> =
  Extract<Needs[number], { name: Name }> extends SecretNeed<string, false> ? string : string | undefined

/** What the author of a skillset writes. */
export interface SkillsetDefinition<Services, Needs extends readonly Need[], Options extends z.ZodType> {
  readonly name: string
  readonly title: string
  /** For the model: how the abilities belong together. */
  readonly instructions: string
  /** A function of the validated options where they decide it. */
  readonly needs?: Needs | ((options: z.output<Options>) => Needs)
  /** What `options` of factory.config.ts may say; absent: nothing. */
  readonly options?: Options
  /** Runs in the Lambda, at the first call of an ability, once per instance. */
  readonly services?: (tools: ServiceTools<Needs, z.output<Options>>) => Services | Promise<Services>
  readonly abilities: readonly Ability<z.ZodObject, z.ZodObject, Services>[]
  /** Resources and resource templates; of templates that fit one URI, the first counts. */
  readonly resources?: readonly Resource<Services>[]
  readonly prompts?: readonly Prompt<Services>[]
  readonly icons?: Icon[]
}

/** A skillset: what synth reads of it, and what the Lambda runs. Importing one has no effect and reads no environment. */
export interface Skillset<Services = unknown> extends SkillsetDeclaration {
  readonly instructions: string
  readonly abilities: readonly Ability<z.ZodObject, z.ZodObject, Services>[]
  readonly resources: readonly Resource<Services>[]
  readonly prompts: readonly Prompt<Services>[]
  readonly icons?: Icon[]
  readonly options: z.ZodType
  readonly services: (tools: ServiceTools<readonly Need[], unknown>) => Services | Promise<Services>
}

const NO_OPTIONS = z.strictObject({})

/**
 * Declares a skillset.
 * @throws SkillsetError for abilities, resources and prompts that disagree: a repeated name, one scope at two levels, a
 * malformed scope
 */
export function defineSkillset<
  Services = unknown,
  const Needs extends readonly Need[] = readonly [],
  Options extends z.ZodType = typeof NO_OPTIONS,
>(definition: SkillsetDefinition<Services, Needs, Options>): Skillset<Services> {
  const { name, title, instructions, abilities, resources = [], prompts = [], services } = definition
  scopesOf({ name, abilities, resources, prompts })
  return {
    name,
    title,
    instructions,
    // Synth and the runtime call it with what this very schema has made of the options.
    needs: (definition.needs ?? []) as SkillsetDeclaration['needs'],
    options: definition.options ?? NO_OPTIONS,
    abilities,
    resources,
    prompts,
    ...checkedIcons(`skillset ${name}`, definition.icons),
    // The runtime builds the tools from these very needs and options, so that what the author declared is there.
    services: (tools) => services?.(tools as ServiceTools<Needs, z.output<Options>>) as Services,
  }
}
