import * as z from 'zod/mini'
import { readVariables, type Variables } from '../shell/environment.ts'
import type { Lifetimes } from './rotate.ts'

const seconds = z.pipe(
  z.string().check(z.regex(/^[1-9]\d{0,9}$/)),
  z.transform((value) => Number(value)),
)

const environment = z.object({
  TABLE_NAME: z.string().check(z.minLength(1)),
  ACCESS_TOKEN_LIFETIME: seconds,
  REFRESH_ABSOLUTE_LIFETIME: seconds,
})

/**
 * Parses the function's environment, once.
 * @throws Error naming the variables that are missing or malformed
 */
export function parseEnvironment(variables: Variables): {
  readonly tableName: string
  readonly lifetimes: Lifetimes
} {
  const { TABLE_NAME, ACCESS_TOKEN_LIFETIME, REFRESH_ABSOLUTE_LIFETIME } = readVariables(environment, variables)
  return {
    tableName: TABLE_NAME,
    lifetimes: { accessToken: ACCESS_TOKEN_LIFETIME, refreshAbsolute: REFRESH_ABSOLUTE_LIFETIME },
  }
}
