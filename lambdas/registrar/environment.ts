import * as z from 'zod/mini'
import { readVariables, type Variables } from '../shell/environment.ts'

const nonEmpty = z.string().check(z.minLength(1))
const environment = z.object({ TABLE_NAME: nonEmpty, AUTHORIZATION_STACK: nonEmpty })

/**
 * Parses the function's environment, once.
 * @throws Error naming the variables that are missing
 */
export function parseEnvironment(variables: Variables): {
  readonly tableName: string
  /** The name of the one stack that may write the policy. */
  readonly authorizationStack: string
} {
  const { TABLE_NAME, AUTHORIZATION_STACK } = readVariables(environment, variables)
  return { tableName: TABLE_NAME, authorizationStack: AUTHORIZATION_STACK }
}
