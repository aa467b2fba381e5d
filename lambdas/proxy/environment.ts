import * as z from 'zod/mini'
import { secretVariable } from '../../model/names.ts'
import { parseJson } from '../../model/parse-json.ts'
import { readVariables, type Variables } from '../shell/environment.ts'

const jsonOf = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.pipe(z.pipe(z.string(), z.transform(parseJson)), schema)

const environment = z.object({
  SERVER_NAME: z.string().check(z.minLength(1)),
  ALLOWED_ORIGINS: jsonOf(z.array(z.string())),
  BACKEND: jsonOf(
    z.object({
      url: z.url(),
      headers: z.record(z.string(), z.union([z.string(), z.object({ secret: z.string() })])),
      timeout: z.number(),
      health: z.optional(z.string()),
    }),
  ),
  ABILITIES: z.optional(jsonOf(z.record(z.string(), z.string()))),
  PROVIDER: z.string(),
})

/** What the stack tells a proxy's function, checked. */
export interface Environment {
  readonly serverName: string
  readonly allowedOrigins: readonly string[]
  readonly backend: Backend
  /** Scope by tool, as the gate has it. Absent: the server is public. */
  readonly abilities: Readonly<Record<string, string>> | undefined
  /** The connection's identity provider: `x-user-provider`. */
  readonly provider: string
}

/** The MCP server that exists elsewhere. */
export interface Backend {
  readonly url: URL
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>
  /** The same, the value in a secret. */
  readonly secretHeaders: readonly { readonly header: string; readonly secret: string; readonly arn: string }[]
  /** Milliseconds until its response's headers. */
  readonly timeout: number
  /** Says by 2xx that it is up; absent: `url` is pinged. */
  readonly health: URL | undefined
}

/**
 * Parses the function's environment, once, when its instance starts.
 * @throws Error naming the variables that are missing or malformed, never their values
 */
export function parseEnvironment(variables: Variables): Environment {
  const { SERVER_NAME, ALLOWED_ORIGINS, BACKEND, ABILITIES, PROVIDER } = readVariables(environment, variables)
  const { url, headers, timeout, health } = BACKEND
  const entries = Object.entries(headers)
  return {
    serverName: SERVER_NAME,
    allowedOrigins: ALLOWED_ORIGINS,
    backend: {
      url: new URL(url),
      headers: Object.fromEntries(
        entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
      ),
      secretHeaders: entries.flatMap(([header, value]) =>
        typeof value === 'string' ? [] : [{ header, secret: value.secret, arn: arnOf(value.secret, variables) }],
      ),
      timeout: timeout * 1000,
      health: health === undefined ? undefined : new URL(health, url),
    },
    abilities: ABILITIES,
    provider: PROVIDER,
  }
}

function arnOf(secret: string, variables: Variables): string {
  const arn = variables[secretVariable(secret)]
  if (!arn) throw new Error(`environment variables missing or malformed: ${secretVariable(secret)}`)
  return arn
}
