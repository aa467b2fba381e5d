import * as z from 'zod'
import { parseJson } from '../../model/parse-json.ts'

/** Something that has happened in the factory, as its logs tell it. */
export interface Activity {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly what: string
  /** `refused`: a rule said no; `failed`: something did not work. */
  readonly outcome: 'ok' | 'refused' | 'failed'
  readonly sub?: string | undefined
  readonly email?: string | undefined
  /** The client's id. */
  readonly client?: string | undefined
  readonly clientName?: string | undefined
  readonly server?: string | undefined
  readonly ability?: string | undefined
  readonly detail?: string | undefined
  readonly milliseconds?: number | undefined
}

const text = z.string().optional().catch(undefined)

/** What the functions' structured logs say, under their names; a field of another type is passed over. */
const logLine = z.object({
  message: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
  service: text,
  server: text,
  sub: text,
  email: text,
  client: text,
  name: text,
  tool: text,
  outcome: text,
  rule: text,
  detail: text,
  reason: text,
  path: text,
  code: text,
  error: text,
  scope: text,
  scopes: z.array(z.string()).optional().catch(undefined),
  durationMs: z.number().optional().catch(undefined),
})

type LogLine = z.infer<typeof logLine>
type Told = Omit<Activity, 'at' | 'sub' | 'email' | 'client' | 'server'> & { readonly server?: string | undefined }

/** One line per message that is worth telling. A skillset's function logs under its server's name. */
const TOLD: Readonly<Record<string, (line: LogLine) => Told | undefined>> = {
  'client registered': ({ name }) => ({ what: 'Client registered', outcome: 'ok', clientName: name }),
  'signed in': () => ({ what: 'Signed in', outcome: 'ok' }),
  'sign-in refused': ({ rule, detail }) => ({ what: 'Sign-in', outcome: 'refused', detail: detail ?? rule }),
  'access allowed': ({ scopes }) => ({ what: 'Access allowed', outcome: 'ok', detail: scopes?.join(' ') }),
  'access denied': () => ({ what: 'Access', outcome: 'refused', detail: 'the person said no' }),
  'token issued': ({ scopes }) => ({ what: 'Token issued', outcome: 'ok', detail: scopes?.join(' ') }),
  'token refreshed': ({ scopes }) => ({ what: 'Token refreshed', outcome: 'ok', detail: scopes?.join(' ') }),
  'grant not continued': ({ detail }) => ({ what: 'Grant', outcome: 'refused', detail }),
  'grant ended': ({ reason }) => ({ what: 'Grant ended', outcome: 'refused', detail: reason }),
  'tool called': ({ service, tool, outcome, durationMs }) => ({
    what: 'Call',
    outcome: outcome === 'ok' ? 'ok' : 'failed',
    server: service,
    ability: tool,
    detail: outcome === 'ok' ? undefined : outcome,
    milliseconds: durationMs,
  }),
  'tool refused': ({ service, tool, outcome, scope }) => ({
    what: 'Call',
    outcome: 'refused',
    server: service,
    ability: tool,
    detail: scope === undefined ? outcome : `${outcome}: ${scope}`,
  }),
  'access refused': ({ detail, rule }) => ({ what: 'At the gate', outcome: 'refused', detail: detail ?? rule }),
  'nothing could be decided': () => ({ what: 'At the gate', outcome: 'failed' }),
  'request refused': ({ service, path, error, code, reason }) =>
    // Browsers ask for favicons.
    error === 'not_found'
      ? undefined
      : path === undefined
        ? { what: 'Request', outcome: 'refused', server: service, detail: code }
        : { what: path, outcome: 'refused', detail: reason ?? error },
  'request failed': ({ service, path, error }) => ({
    what: path ?? 'Request',
    outcome: 'failed',
    detail: error,
    ...(path === undefined && { server: service }),
  }),
}

/** What a line of a log tells; undefined for one that is no JSON, or not worth telling. */
export function activityOf(line: string): Activity | undefined {
  const parsed = logLine.safeParse(parseJson(line)).data
  if (parsed === undefined || !Object.hasOwn(TOLD, parsed.message)) return undefined
  const told = TOLD[parsed.message]?.(parsed)
  if (told === undefined) return undefined
  const { timestamp, sub, email, client, server } = parsed
  return { at: Date.parse(timestamp), sub, email, client, server, ...told }
}
