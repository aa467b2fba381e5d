import { type Need, SkillsetError } from '../../model/skillset-declaration.ts'

export type TableNeed = Extract<Need, { kind: 'table' }>
export type ScheduleNeed = Extract<Need, { kind: 'schedule' }>
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
