import * as z from 'zod'
import { parseJson } from '../../model/parse-json.ts'
import { functionEnd } from './function-end.ts'
import { plainText } from './plain-text.ts'
import { thrown } from './thrown.ts'

/** Something that has happened in the factory, as its logs tell it. */
export interface Activity {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly what: string
  /**
   * `asked`: to sign in, with which every client begins; `refused`: a rule, or an ability by a code of its own, said no;
   * `failed`: something did not work.
   */
  readonly outcome: 'ok' | 'asked' | 'refused' | 'failed'
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

const text = z.string().transform(plainText).optional().catch(undefined)

const texts = z.array(z.string().transform(plainText)).optional().catch(undefined)

/** What the functions' structured logs say, under their names; a field of another type is passed over. */
const logLine = z.object({
  message: z.string().optional(),
  /** Of an audit event (lambdas/audit/catalogue.ts), in place of a message. */
  audit: z.string().optional(),
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
  error: z
    .union([z.string().transform(plainText), thrown])
    .optional()
    .catch(undefined),
  scope: text,
  scopes: texts,
  methods: texts,
  tools: texts,
  durationMs: z.number().optional().catch(undefined),
})

type LogLine = z.infer<typeof logLine>
type Told = Omit<Activity, 'at' | 'sub' | 'email' | 'client' | 'server'> & { readonly server?: string | undefined }

/** The gate's word for a request with which a client learns where to sign in. */
const NO_TOKEN = 'no Authorization header'

/** One line per message or audit event that is worth telling. A skillset's function logs under its server's name. */
const TOLD: Readonly<Record<string, (line: LogLine) => Told | undefined>> = {
  'client.registered': ({ name }) => ({ what: 'Client registered', outcome: 'ok', clientName: name }),
  'sign_in.succeeded': () => ({ what: 'Signed in', outcome: 'ok' }),
  'sign_in.refused': ({ rule, detail }) => ({ what: 'Sign-in', outcome: 'refused', detail: detail ?? rule }),
  'sign_in.failed': ({ reason, detail }) => ({ what: 'Sign-in', outcome: 'refused', detail: detail ?? reason }),
  'consent.given': ({ scopes }) => ({ what: 'Access allowed', outcome: 'ok', detail: scopes?.join(' ') }),
  'consent.remembered': ({ scopes }) => ({ what: 'Access remembered', outcome: 'ok', detail: scopes?.join(' ') }),
  'consent.denied': () => ({ what: 'Access', outcome: 'refused', detail: 'the person said no' }),
  'token.issued': ({ scopes }) => ({ what: 'Token issued', outcome: 'ok', detail: scopes?.join(' ') }),
  'token.refreshed': ({ scopes }) => ({ what: 'Token refreshed', outcome: 'ok', detail: scopes?.join(' ') }),
  'token.refused': ({ reason, detail }) => ({ what: 'Token', outcome: 'refused', detail: detail ?? reason }),
  'grant.ended': ({ reason }) => ({ what: 'Grant ended', outcome: 'ok', detail: reason }),
  'person.blocked': () => ({ what: 'Blocked by an administrator', outcome: 'ok' }),
  'person.unblocked': () => ({ what: 'Unblocked by an administrator', outcome: 'ok' }),
  'person.revoked': () => ({ what: 'Access ended by an administrator', outcome: 'ok' }),
  'keys.rotation_requested': () => ({ what: 'Keys rotated by an administrator', outcome: 'ok' }),
  'tool.called': ({ server, name, outcome, scope, durationMs }) =>
    // 'ability failed' tells of it, and why.
    outcome === 'internal_error'
      ? undefined
      : {
          what: 'Call',
          outcome: outcome === 'ok' ? 'ok' : outcome === 'timeout' ? 'failed' : 'refused',
          server,
          ability: name,
          detail: outcome === 'ok' ? undefined : scope === undefined ? outcome : `${outcome}: ${scope}`,
          milliseconds: durationMs,
        },
  'call.proxied': ({ server, methods, tools, outcome, durationMs }) => ({
    what: 'Call',
    outcome: outcome === 'ok' ? 'ok' : outcome?.startsWith('backend_') ? 'failed' : 'refused',
    server,
    ability: [...(tools ?? []), ...(methods ?? [])][0],
    detail: outcome === 'ok' ? undefined : outcome,
    milliseconds: durationMs,
  }),
  'ability failed': ({ service, tool, error }) => ({
    what: 'Call',
    outcome: 'failed',
    server: service,
    ability: tool,
    detail: error,
  }),
  'access.refused': ({ detail, rule }) =>
    detail === NO_TOKEN
      ? { what: 'At the gate', outcome: 'asked' }
      : { what: 'At the gate', outcome: 'refused', detail: detail ?? rule },
  'nothing could be decided': () => ({ what: 'At the gate', outcome: 'failed' }),
  'request.refused': ({ path, reason, detail }) => ({
    what: path ?? 'Request',
    outcome: 'refused',
    detail: detail ?? reason,
  }),
  'request failed': ({ service, path, error }) => ({
    what: path ?? 'Request',
    outcome: 'failed',
    detail: error,
    ...(path === undefined && { server: service }),
  }),
}

/** What a line of a log tells; undefined for one that is not worth telling. */
export function activityOf(line: string): Activity | undefined {
  const end = functionEnd(line)
  if (end !== undefined) return { ...end, what: 'Function', outcome: 'failed' }
  const parsed = logLine.safeParse(parseJson(line)).data
  const message = parsed?.audit ?? parsed?.message
  if (parsed === undefined || message === undefined || !Object.hasOwn(TOLD, message)) return undefined
  const told = TOLD[message]?.(parsed)
  if (told === undefined) return undefined
  const { timestamp, sub, email, client, server } = parsed
  return { at: Date.parse(timestamp), sub, email, client, server, ...told }
}
