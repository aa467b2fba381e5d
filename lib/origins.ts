import * as z from 'zod'
import { ConfigError, formatIssues } from '../model/config-error.ts'
import { SAYING_WHAT_IS_ALLOWED } from '../model/describe-issues.ts'
import type { FactoryConfig } from '../model/factory-config.ts'

/** Where the factory's APIs answer. Neither `shared` nor `separate`: at the execute-api host of each API. */
export interface Origins {
  /** The factory runs on one machine: the context value `origin` is present. */
  readonly local: boolean
  /** All APIs on one host: the HTTP API at its root, each server's REST API at `/<server>`. */
  readonly shared?: { readonly url: string; readonly hostName: string; readonly certificateArn: string }
  /** One machine without a domain: an origin of its own per API. */
  readonly separate?: { readonly authorization: string; readonly servers: Readonly<Record<string, string>> }
}

/** Nobody asks for this certificate: the runner's front speaks for the domain, or a tunnel does. */
const LOCAL_CERTIFICATE = 'arn:aws:acm:us-east-1:000000000000:certificate/local'

const origin = z
  .url({ protocol: /^https?$/ })
  .refine((value) => URL.canParse(value) && new URL(value).origin === value, 'scheme, host and port alone')

const separateOrigins = z.strictObject({ authorization: origin, servers: z.record(z.string(), origin) })

/**
 * Reads the context value `origin` (docs/contracts.md): absent in the cloud; one origin; or JSON with one per API.
 * @throws ConfigError for anything else, or where a server has no origin
 */
export function readOrigins(context: unknown, config: Pick<FactoryConfig, 'domain' | 'servers'>): Origins {
  if (context === undefined || context === '') {
    if (config.domain === undefined) return { local: false }
    const { name, certificateArn } = config.domain
    return { local: false, shared: { url: `https://${name}`, hostName: name, certificateArn } }
  }
  if (typeof context === 'string' && !context.startsWith('{')) {
    const url = parse(origin, context)
    return { local: true, shared: { url, hostName: new URL(url).hostname, certificateArn: LOCAL_CERTIFICATE } }
  }
  const separate = parse(separateOrigins, typeof context === 'string' ? parseJson(context) : context)
  for (const name of Object.keys(config.servers))
    if (separate.servers[name] === undefined) throw wrong([`servers.${name}: found nothing; allowed: an origin`])
  return { local: true, separate }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value, SAYING_WHAT_IS_ALLOWED)
  if (!result.success) throw wrong(formatIssues(result.error.issues))
  return result.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw wrong([`(the whole): found ${text.slice(0, 80)}; allowed: an origin or JSON`])
  }
}

function wrong(problems: readonly string[]): ConfigError {
  return new ConfigError(problems.map((problem) => `context origin: ${problem}`))
}
