import { randomInt, randomUUID } from 'node:crypto'
import { AwsError } from './aws-error.ts'
import { readJsonFile, writeJsonFile } from './json-file.ts'
import { secretArn } from './resource-types.ts'

export type Stage = 'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS' | (string & {})

export interface Version {
  readonly id: string
  /** Absent in a version that a rotation has begun and not yet filled. */
  value?: string
  stages: Stage[]
  /** Seconds since the epoch. */
  readonly createdAt: number
}

export interface Secret {
  readonly arn: string
  readonly name: string
  description?: string
  versions: Version[]
  /** Seconds since the epoch of the last rotation that ended. */
  rotatedAt?: number
}

/** AWS removes versions without a stage at some time; the newest of them are kept here. */
const MOST_VERSIONS = 20

/** Secrets and their staged versions (PLATFORM 18), in one file that only its owner reads. */
export class SecretStore {
  readonly #path: string
  readonly #secrets: Secret[]

  constructor(path: string) {
    this.#path = path
    this.#secrets = readJsonFile<Secret[]>(path, [])
  }

  /** @param id a name, an ARN, or an ARN without its last six characters */
  find(id: string): Secret | undefined {
    return this.#secrets.find(({ arn, name }) => id === arn || id === name || id === arn.slice(0, -7))
  }

  /** @throws AwsError ResourceNotFoundException */
  get(id: string): Secret {
    const secret = this.find(id)
    if (secret === undefined) throw notFound("Secrets Manager can't find the specified secret.")
    return secret
  }

  /** @throws AwsError ResourceExistsException */
  create(name: string, versionId: string, value: string, now: number, description?: string): Secret {
    if (this.find(name))
      throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`)
    const secret: Secret = { arn: secretArn(name), name, ...(description && { description }), versions: [] }
    this.#secrets.push(secret)
    this.put(secret, versionId, value, ['AWSCURRENT'], now)
    return secret
  }

  /** Makes sure of a secret that exists before any deployment: of its version that the templates name. */
  provide(name: string, versionId: string, value: string, now: number): void {
    const secret = this.find(name) ?? this.create(name, versionId, value, now)
    const version = secret.versions.find(({ id }) => id === versionId) ?? this.begin(secret, versionId, [], now)
    version.value = value
    this.save()
  }

  /**
   * Adds a version, or fills the one that a rotation has begun.
   * @throws AwsError ResourceExistsException where the version has another value
   */
  put(secret: Secret, versionId: string, value: string, stages: readonly Stage[], now: number): Version {
    const existing = secret.versions.find(({ id }) => id === versionId)
    if (existing?.value !== undefined && existing.value !== value)
      throw new AwsError('ResourceExistsException', `A version with the id ${versionId} exists and has another value.`)
    const version = existing ?? this.begin(secret, versionId, [], now)
    version.value = value
    for (const stage of stages) this.#move(secret, stage, version)
    this.save()
    return version
  }

  begin(secret: Secret, versionId: string, stages: readonly Stage[], now: number): Version {
    const version: Version = { id: versionId, stages: [], createdAt: Math.floor(now / 1000) }
    secret.versions.push(version)
    for (const stage of stages) this.#move(secret, stage, version)
    this.save()
    return version
  }

  /**
   * UpdateSecretVersionStage.
   * @throws AwsError InvalidParameterException where the stage is not on the version it is to leave
   */
  moveStage(secret: Secret, stage: Stage, to: string | undefined, from: string | undefined): void {
    const holder = secret.versions.find(({ stages }) => stages.includes(stage))
    if (holder !== undefined && holder.id !== to && holder.id !== from)
      throw new AwsError(
        'InvalidParameterException',
        `The parameter RemoveFromVersionId can't be empty or another. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      )
    if (to === undefined) {
      if (stage === 'AWSCURRENT')
        throw new AwsError('InvalidParameterException', 'AWSCURRENT can be moved, not removed.')
      if (holder) holder.stages = holder.stages.filter((other) => other !== stage)
    } else this.#move(secret, stage, versionOf(secret, to))
    this.save()
  }

  save(): void {
    writeJsonFile(this.#path, this.#secrets)
  }

  #move(secret: Secret, stage: Stage, version: Version): void {
    const holder = secret.versions.find(({ stages }) => stages.includes(stage))
    if (holder === version) return
    for (const each of secret.versions) each.stages = each.stages.filter((other) => other !== stage)
    version.stages.push(stage)
    if (stage === 'AWSCURRENT' && holder) this.#move(secret, 'AWSPREVIOUS', holder)
    const unstaged = secret.versions.filter(({ stages }) => stages.length === 0)
    for (const old of unstaged.slice(0, -MOST_VERSIONS)) secret.versions.splice(secret.versions.indexOf(old), 1)
  }
}

/**
 * The version a caller asks for; without either, AWSCURRENT.
 * @throws AwsError ResourceNotFoundException where there is none, or it has no value yet
 */
export function readVersion(
  secret: Secret,
  id: string | undefined,
  stage: Stage | undefined,
): Version & { value: string } {
  const wanted = stage ?? (id === undefined ? 'AWSCURRENT' : undefined)
  const found = secret.versions.find(
    (version) => (id === undefined || version.id === id) && (wanted === undefined || version.stages.includes(wanted)),
  )
  if (found?.value === undefined)
    throw notFound(
      `Secrets Manager can't find the specified secret value for ${id ? `VersionId: ${id}` : `staging label: ${wanted}`}`,
    )
  return { ...found, value: found.value }
}

function versionOf(secret: Secret, id: string): Version {
  const found = secret.versions.find((version) => version.id === id)
  if (found === undefined) throw notFound(`Secrets Manager can't find the specified secret version: ${id}`)
  return found
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message)
}

export const newVersionId = randomUUID

const LETTERS_AND_DIGITS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'

/** `GenerateSecretString` of a template. */
export function randomPassword(rules: {
  readonly PasswordLength: number
  readonly ExcludePunctuation: boolean
}): string {
  const characters = LETTERS_AND_DIGITS + (rules.ExcludePunctuation ? '' : PUNCTUATION)
  return Array.from({ length: rules.PasswordLength }, () => characters[randomInt(characters.length)]).join('')
}
