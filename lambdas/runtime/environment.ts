import * as z from 'zod'
import { secretVariable } from '../../model/names.ts'
import type { SkillsetDeclaration } from '../../model/skillset-declaration.ts'
import type { Variables } from '../shell/environment.ts'

/** What the stack tells a skillset's function, checked. */
export interface Environment {
  readonly issuer: string
  readonly serverName: string
  /** `options` of factory.config.ts, as the skillset's schema made them. */
  readonly options: unknown
  /** Browser origins that may call the server, beside loopback ones (RS-04). */
  readonly allowedOrigins: readonly string[]
  /** Present where the skillset needs a table. */
  readonly tableName: string | undefined
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
  const needsTable = skillset.needs.some(({ kind }) => kind === 'table')
  const secrets = skillset.needs.filter((need) => need.kind === 'secret')
  const schema = z.object({
    ISSUER: z.url(),
    SERVER_NAME: z.string().min(1),
    OPTIONS: jsonText(skillset.options),
    ALLOWED_ORIGINS: jsonText(z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin))),
    TABLE_NAME: needsTable ? z.string().min(1) : z.string().optional(),
    ...Object.fromEntries(
      secrets.map(({ name, optional }) => [
        secretVariable(name),
        optional ? z.string().min(1).optional() : z.string().min(1),
      ]),
    ),
  })
  const parsed = schema.safeParse(variables)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new EnvironmentError(`the function's environment is wrong: ${wrong.join('; ')}`)
  }
  const { ISSUER, SERVER_NAME, OPTIONS, ALLOWED_ORIGINS, TABLE_NAME } = parsed.data
  return {
    issuer: ISSUER,
    serverName: SERVER_NAME,
    options: OPTIONS,
    allowedOrigins: ALLOWED_ORIGINS,
    tableName: needsTable ? TABLE_NAME : undefined,
    secretArns: new Map(
      secrets.flatMap(({ name }) => {
        const arn = variables[secretVariable(name)]
        return arn === undefined ? [] : [[name, arn] as const]
      }),
    ),
  }
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
