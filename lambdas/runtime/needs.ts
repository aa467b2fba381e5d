import { type FilesSource, type LayerName, type Need, SkillsetError } from '../../model/skillset-declaration.ts'

export type TableNeed = Extract<Need, { kind: 'table' }>
export type ScheduleNeed = Extract<Need, { kind: 'schedule' }>
export type BucketNeed = Extract<Need, { kind: 'bucket' }>
export type FilesNeed = Extract<Need, { kind: 'files' }>
export type LayerNeed = Extract<Need, { kind: 'layer' }>
export type AthenaNeed = Extract<Need, { kind: 'athena' }>
export type SizeNeed = Extract<Need, { kind: 'size' }>
export interface SecretNeed<Name extends string = string, Optional extends boolean = boolean> {
  readonly kind: 'secret'
  readonly name: Name
  readonly optional: Optional
}

/** A data table of the server's own; its role may read and write it. */
export function table(): TableNeed {
  return { kind: 'table' }
}

/** A secret that an administrator sets; its value is never in a template. With `optional` the skillset works without. */
export function secret<const Name extends string>(name: Name): SecretNeed<Name, false>
export function secret<const Name extends string>(
  name: Name,
  options: { readonly optional: true },
): SecretNeed<Name, true>
export function secret(name: string, options?: { readonly optional: true }): SecretNeed {
  return { kind: 'secret', name, optional: options?.optional ?? false }
}

/** A job's file is named after it. */
const JOB_NAME = /^[a-z][a-z0-9-]{0,30}$/

/**
 * A job that runs by itself, `jobs/<name>.ts` of the skillset, as long as the server is deployed. Its function has
 * whatever else the skillset needs.
 * @param everyMinutes a whole number, 1 at least: EventBridge knows no shorter rate
 * @throws SkillsetError for a name or a rate that is not usable
 */
export function schedule(name: string, { everyMinutes }: { readonly everyMinutes: number }): ScheduleNeed {
  if (!JOB_NAME.test(name)) throw new SkillsetError(`${JSON.stringify(name)} is not usable as a job's name`)
  if (!Number.isInteger(everyMinutes) || everyMinutes < 1)
    throw new SkillsetError(`job ${name}: found every ${everyMinutes} minutes; allowed: a whole number, 1 at least`)
  return { kind: 'schedule', name, everyMinutes }
}

/** A prefix of a bucket is one folder of it. */
const PREFIX = /^[a-z][a-z0-9-]*\/$/

/**
 * A private bucket of the server's own.
 * @param expireDays the prefixes that its role may read and write, and after how many days objects go
 * @throws SkillsetError for a prefix or a number of days that is not usable
 */
export function bucket(expireDays: Readonly<Record<`${string}/`, number>>): BucketNeed {
  for (const [prefix, days] of Object.entries(expireDays)) {
    if (!PREFIX.test(prefix))
      throw new SkillsetError(`bucket: prefix: found ${JSON.stringify(prefix)}; allowed: results/`)
    if (!Number.isInteger(days) || days < 1)
      throw new SkillsetError(`bucket: ${prefix}: found ${days} days; allowed: a whole number, 1 at least`)
  }
  return { kind: 'bucket', expireDays }
}

/** Files that the skillset reads and never writes. A folder is for one machine alone: it cannot be deployed. */
export function files(source: FilesSource): FilesNeed {
  return { kind: 'files', source }
}

/** Parts of npm packages that cannot be bundled, reached by `require` alone: an ES module import does not look there. */
export function layer(name: LayerName): LayerNeed {
  return { kind: 'layer', name }
}

/**
 * Athena over the files of a bucket: for each tenant of the config Glue tables, a workgroup and a role of its own, which the
 * skillset's functions assume.
 */
export function athena(need: Omit<AthenaNeed, 'kind'>): AthenaNeed {
  return { kind: 'athena', ...need }
}

/** Lambda's own bounds. */
const MEMORY = { from: 128, to: 10_240 }
const EPHEMERAL = { from: 512, to: 10_240 }

/**
 * How large the skillset's functions are, where they are not as usual: 1,024 MB of memory, and with it of processor, and
 * 512 MB below /tmp.
 * @throws SkillsetError for a size that Lambda does not have
 */
export function size(megabytes: { readonly memory?: number; readonly ephemeral?: number }): SizeNeed {
  const { memory = 1024, ephemeral = EPHEMERAL.from } = megabytes
  for (const [name, value, { from, to }] of [
    ['memory', memory, MEMORY],
    ['ephemeral', ephemeral, EPHEMERAL],
  ] as const)
    if (!Number.isInteger(value) || value < from || value > to)
      throw new SkillsetError(`size: ${name}: found ${value}; allowed: whole megabytes from ${from} to ${to}`)
  return { kind: 'size', memoryMegabytes: memory, ephemeralMegabytes: ephemeral }
}
