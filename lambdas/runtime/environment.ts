import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { secretVariable } from '../../model/names.ts'
import { type Need, needsOf, type SkillsetDeclaration } from '../../model/skillset-declaration.ts'
import type { Variables } from '../shell/environment.ts'
import type { Athena, Files } from './define-skillset.ts'

/** What the stack tells a skillset's function, checked. */
export interface Environment {
  readonly issuer: string
  readonly serverName: string
  /** `options` of factory.config.ts, as the skillset's schema made them. */
  readonly options: unknown
  /** Browser origins that may call the server, beside loopback ones (RS-04). */
  readonly allowedOrigins: readonly string[]
  /** What the skillset needs with these options. */
  readonly needs: readonly Need[]
  /** Present where the skillset needs a table. */
  readonly tableName: string | undefined
  /** Present where it needs a bucket. */
  readonly bucketName: string | undefined
  /** Present where it needs files. */
  readonly files: Files | undefined
  /** Present where it needs Athena. */
  readonly athena: Athena | undefined
  /** ARN by the name of the need; an optional secret may be missing. */
  readonly secretArns: ReadonlyMap<string, string>
}

/** The function's environment is not what its stack should have made of it. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

/**
 * Parses the environment once, when the instance starts: a function that lacks something never serves.
 * @throws EnvironmentError naming the variables, never their values
 */
export function parseEnvironment(
  variables: Variables,
  skillset: Pick<SkillsetDeclaration, 'needs'> & { readonly options: z.ZodType },
): Environment {
  const { ISSUER, SERVER_NAME, OPTIONS, ALLOWED_ORIGINS } = checked(
    z.object({
      ISSUER: z.url(),
      SERVER_NAME: z.string().min(1),
      OPTIONS: jsonText(skillset.options),
      ALLOWED_ORIGINS: jsonText(z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin))),
    }),
    withOptions(variables),
  )
  const needs = needsOf(skillset, OPTIONS)
  const shape: Record<string, TextSchema> = Object.assign({}, ...needs.map(variablesOf))
  const given = checked(z.object(shape), variables)
  return {
    issuer: ISSUER,
    serverName: SERVER_NAME,
    options: OPTIONS,
    allowedOrigins: ALLOWED_ORIGINS,
    needs,
    tableName: given.TABLE_NAME,
    bucketName: given.BUCKET_NAME,
    files: filesOf(given),
    athena: needs.some(({ kind }) => kind === 'athena') ? checked(athenaVariable, variables).ATHENA : undefined,
    secretArns: new Map(
      needs.flatMap((need) => {
        const arn = need.kind === 'secret' ? given[secretVariable(need.name)] : undefined
        return need.kind === 'secret' && arn !== undefined ? [[need.name, arn] as const] : []
      }),
    ),
  }
}

/** Options that are too many for an environment lie beside the bundle. */
function withOptions({ OPTIONS_FILE, LAMBDA_TASK_ROOT = '', ...variables }: Variables): Variables {
  if (OPTIONS_FILE === undefined) return variables
  try {
    return { ...variables, OPTIONS: readFileSync(join(LAMBDA_TASK_ROOT, OPTIONS_FILE), 'utf8') }
  } catch (error) {
    throw new EnvironmentError(`the function's options cannot be read: ${OPTIONS_FILE}`, { cause: error })
  }
}

type TextSchema = z.ZodType<string | undefined>

const text = z.string().min(1)

/** The variables that a need of a skillset is told by (lib/needs/). */
function variablesOf(need: Need): Record<string, TextSchema> {
  switch (need.kind) {
    case 'table':
      return { TABLE_NAME: text }
    case 'bucket':
      return { BUCKET_NAME: text }
    case 'files':
      return 'folder' in need.source ? { DATA_FOLDER: text } : { DATA_BUCKET: text, DATA_PREFIX: z.string() }
    case 'secret':
      return { [secretVariable(need.name)]: need.optional ? text.optional() : text }
    default:
      return {}
  }
}

function filesOf({
  DATA_FOLDER,
  DATA_BUCKET,
  DATA_PREFIX = '',
}: Record<string, string | undefined>): Files | undefined {
  if (DATA_FOLDER !== undefined) return { folder: DATA_FOLDER }
  return DATA_BUCKET === undefined ? undefined : { bucket: DATA_BUCKET, prefix: DATA_PREFIX }
}

const athenaVariable = z.object({
  ATHENA: jsonText(z.record(text, z.strictObject({ role: text, workgroup: text, database: text }))),
})

function checked<Values>(schema: z.ZodType<Values>, variables: Variables): Values {
  const parsed = schema.safeParse(variables)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new EnvironmentError(`the function's environment is wrong: ${wrong.join('; ')}`)
}

function jsonText<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown
      } catch {
        context.addIssue('not JSON')
        return z.NEVER
      }
    })
    .pipe(schema)
}
