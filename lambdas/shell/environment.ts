import type * as z from 'zod/mini'

/** A function's environment, as Lambda gives it. */
export type Variables = Readonly<Record<string, string | undefined>>

/**
 * Reads a function's environment, once, when its instance starts: a function that lacks something never serves.
 * @throws Error naming the variables that are missing or malformed, never their values
 */
export function readVariables<Values>(schema: z.ZodMiniType<Values>, variables: Variables): Values {
  const result = schema.safeParse(variables)
  if (result.success) return result.data
  const names = new Set(result.error.issues.map((issue) => issue.path.join('.')))
  throw new Error(`environment variables missing or malformed: ${[...names].join(', ')}`)
}
