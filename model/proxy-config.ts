import * as z from 'zod'
import { LOOPBACK_HOSTS } from './loopback-hosts.ts'
import { isScopeToken } from './scopes.ts'

/** RFC 9110 §5.6.2 token. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** What the proxy sets, what belongs to the client's request, and what one hop keeps to itself (RFC 9110 §7.6.1). */
const HEADERS_OF_THE_PROXY =
  /^(?:accept|accept-encoding|connection|content-.*|expect|forwarded|host|keep-alive|last-event-id|max-forwards|mcp-.*|origin|proxy-.*|te|trailer|transfer-encoding|upgrade|via|x-amzn?-.*|x-forwarded-.*|x-user-.*)$/i
const CREDENTIALS = /authorization|cookie|token|secret|password|credential|api-?key/i

/** A constant must not be a credential: the config's values end up in templates. */
const headerValue = z.union(
  [
    z.string().regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, 'printable ASCII'),
    z.strictObject({
      secret: z
        .string()
        .regex(/^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'a secret’s name: lower-case letters, digits and hyphens'),
    }),
  ],
  { error: "a constant of printable ASCII, or { secret: 'name' }" },
)

const headers = z
  .record(
    z
      .string()
      .regex(HEADER_NAME, 'a header name')
      .refine((name) => !HEADERS_OF_THE_PROXY.test(name), 'a header that is not the proxy’s own to set'),
    headerValue,
  )
  .superRefine((given, context) => {
    const seen = new Set<string>()
    for (const [name, value] of Object.entries(given)) {
      const refuse = (message: string, input: unknown) =>
        context.addIssue({ code: 'custom', path: [name], message, input })
      if (typeof value === 'string' && CREDENTIALS.test(name))
        refuse("{ secret: 'name' }: credentials are kept in Secrets Manager, not in the config", '(hidden)')
      if (seen.has(name.toLowerCase())) refuse('each header once, whatever its case', name)
      seen.add(name.toLowerCase())
    }
  })

const scope = z.string().refine(isScopeToken, 'a scope (RFC 6749 §3.3)')

/** An MCP server that exists elsewhere, and how it is reached. */
export const proxyConfig = z.strictObject({
  /** Its Streamable HTTP endpoint. What a client appends to `/mcp` is appended to this. */
  url: z
    .string()
    .refine(isBackendUrl, 'an https URL (http at a loopback address) without credentials, query or fragment'),
  /** Sent with every request to it. */
  headers: headers.default({}),
  /** Seconds until its response's headers. The function ends after five minutes. */
  timeout: z.int().min(1).max(240).default(30),
  /** Asked by GET, up where it answers 2xx. Absent: an MCP `ping` to `url`. */
  health: z
    .string()
    .regex(/^\/(?!\/)[\w.~!$&'()*+,;=:@/-]*$/, 'a path at the same origin, such as /health')
    .optional(),
  /** Open to everybody, without a token. */
  public: z.boolean().default(false),
  /** Needed for everything but the tools named below. Absent: `<server>:use`. */
  scope: scope.optional(),
  /** Tools with a scope of their own. */
  tools: z
    .record(
      z.string().regex(/^[A-Za-z0-9_./-]{1,128}$/, 'the name of an MCP tool'),
      z.strictObject({
        scope,
        level: z.enum(['everyday', 'privileged']).default('everyday'),
        /** In words, for the consent page. Absent: the tool's name. */
        title: z.string().min(1).optional(),
      }),
    )
    .default({}),
})
export type ProxyConfig = z.output<typeof proxyConfig>

function isBackendUrl(value: string): boolean {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value) || /[?#\\\s]/.test(value)) return false
  const { protocol, hostname, username, password } = new URL(value)
  return username === '' && password === '' && (protocol === 'https:' || LOOPBACK_HOSTS.includes(hostname))
}
