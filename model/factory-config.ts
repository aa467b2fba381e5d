import * as z from 'zod'
import { clientConfig, clientId } from './client-config.ts'
import { ConfigError, formatIssues } from './config-error.ts'
import { cognitoClaims, connection } from './connection-config.ts'
import { SAYING_WHAT_IS_ALLOWED } from './describe-issues.ts'
import { isReservedName, SERVER_NAME, STAGE_NAME } from './names.ts'
import { proxyConfig } from './proxy-config.ts'
import { redirectUriKind } from './redirect-uri.ts'
import { namesSomebody } from './rules/access.ts'
import { accessRules, domain } from './rules/rule-config.ts'

const DAY = 86_400

/** RFC 6454 §6.1: scheme, host and port, nothing else. */
const origin = z
  .string()
  .refine(
    (value) => /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value,
    'an origin such as https://app.example.com',
  )
/** A VPC that is there already, by the ids of its parts. */
const network = z.strictObject({
  subnets: z.array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'a subnet, such as subnet-0a1b2c3d4e5f60718')).min(1),
  securityGroups: z
    .array(z.string().regex(/^sg-[0-9a-f]{8,17}$/, 'a security group, such as sg-0a1b2c3d4e5f60718'))
    .min(1)
    .max(5),
})
export type NetworkConfig = z.output<typeof network>

const serverBase = {
  access: accessRules.default({}),
  /** Who may hold privileged scopes; absent: nobody. */
  privileged: accessRules.refine(namesSomebody, 'rules that name somebody').optional(),
  /** Who may hold single scopes, everyday or privileged: for these it stands in place of what is above. */
  scopes: z.record(z.string(), accessRules.refine(namesSomebody, 'rules that name somebody')).optional(),
  /** Browser origins that may call the server (RS-04). Loopback origins always may. */
  allowedOrigins: z.array(origin).default([]),
  /** Where its functions run, so that they reach what is in there. Absent: in no VPC. */
  network: network.optional(),
}

const skillsetServer = z.strictObject({
  title: z.string().min(1).optional(),
  skillset: z.string().regex(SERVER_NAME, 'the name of a folder below lambdas/skillsets/'),
  /** Given to the skillset, which says what it expects. */
  options: z.record(z.string(), z.json()).default({}),
  ...serverBase,
})

const proxyServer = z
  .strictObject({ title: z.string().min(1), proxy: proxyConfig, ...serverBase })
  .superRefine(({ access, privileged, scopes, proxy }, context) => {
    if (!proxy.public) return
    const refuse = (path: string[], input: unknown) =>
      context.addIssue({ code: 'custom', path, message: 'nothing: a public server knows nobody', input })
    if (Object.keys(access).length > 0) refuse(['access'], access)
    if (privileged !== undefined) refuse(['privileged'], privileged)
    if (scopes !== undefined) refuse(['scopes'], scopes)
    if (proxy.scope !== undefined) refuse(['proxy', 'scope'], proxy.scope)
    if (Object.keys(proxy.tools).length > 0) refuse(['proxy', 'tools'], proxy.tools)
  })

export type SkillsetServerConfig = z.output<typeof skillsetServer>
export type ProxyServerConfig = z.output<typeof proxyServer>

/** Either kind, told apart by its key, so that a mistake in one is not reported as a mistake in both. */
const server = z
  .custom<z.input<typeof skillsetServer> | z.input<typeof proxyServer>>()
  .transform((given, context): SkillsetServerConfig | ProxyServerConfig => {
    const keys = typeof given === 'object' && given !== null ? Object.keys(given) : []
    const [kind, other] = ['skillset', 'proxy'].filter((key) => keys.includes(key))
    if (kind === undefined || other !== undefined) {
      const message = "one of skillset: 'name' and proxy: { url: 'https://…' }"
      context.issues.push({ code: 'custom', message, input: given })
      return z.NEVER
    }
    const parsed = (kind === 'proxy' ? proxyServer : skillsetServer).safeParse(given, SAYING_WHAT_IS_ALLOWED)
    if (parsed.success) return parsed.data
    context.issues.push(...(parsed.error.issues as z.core.$ZodRawIssue[]))
    return z.NEVER
  })

const seconds = (most: number) => z.int().min(60).max(most)

const factorySchema = z
  .strictObject({
    stage: z.string().regex(STAGE_NAME, '1 to 12 lower-case letters and digits, a letter first'),
    organisation: z.string().min(1).max(80),
    connection,
    /** Cognito's domain prefix, known to Google's console; the stage is appended: `<signInPrefix>-<stage>`. */
    signInPrefix: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, at most 50')
      .refine((value) => !/aws|amazon|cognito/.test(value), 'a prefix without aws, amazon or cognito')
      .optional(),
    domain: z
      .strictObject(
        { name: domain, certificateArn: z.string().startsWith('arn:') },
        {
          error: (issue) =>
            issue.code === 'invalid_type' ? "{ name: 'mcp.example.com', certificateArn: 'arn:…' }" : undefined,
        },
      )
      .optional(),
    tenants: z.record(
      domain,
      z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a tenant: lower-case letters, digits, hyphens'),
    ),
    servers: z.record(
      z
        .string()
        .regex(SERVER_NAME, 'a server name: 2 to 32 lower-case letters, digits and hyphens')
        .refine((name) => !isReservedName(name), 'a name that is not reserved'),
      server,
    ),
    defaultServer: z.string().optional(),
    /** Seconds. */
    lifetimes: z
      .strictObject({
        accessToken: seconds(3600).default(600),
        refreshIdle: seconds(90 * DAY).default(14 * DAY),
        refreshAbsolute: seconds(365 * DAY).default(60 * DAY),
        browserSession: seconds(7 * DAY).default(28_800),
      })
      .prefault({}),
    redirects: z
      .strictObject({
        schemes: z.array(z.string().regex(/^[a-z][a-z0-9+.-]*$/, 'a URI scheme in lower case')).default([]),
        hosts: z.array(domain).default([]),
      })
      .prefault({}),
    /** Clients that the organisation registers itself, by client id. All others register themselves. */
    clients: z.record(clientId, clientConfig).default({}),
    logRetentionDays: z.union([7, 14, 30, 90, 180, 365].map((days) => z.literal(days))).default(90),
  })
  .superRefine((config, context) => {
    const issue = (path: (string | number)[], message: string, input: unknown) =>
      context.addIssue({ code: 'custom', path, message, input })
    if (Object.keys(config.servers).length === 0) issue(['servers'], 'at least one server', config.servers)
    if (config.connection.via === 'cognito' && config.signInPrefix === undefined)
      issue(['signInPrefix'], 'a prefix: sign-in through Cognito needs its domain', undefined)
    if (config.defaultServer !== undefined && !Object.hasOwn(config.servers, config.defaultServer))
      issue(['defaultServer'], `one of ${Object.keys(config.servers).join(', ')}`, config.defaultServer)
    const refuseUnmapped = (path: (string | number)[], rules: readonly { readonly claim: string }[]) => {
      if (config.connection.via !== 'cognito') return
      const mapped = cognitoClaims(config.connection)
      for (const [index, { claim }] of rules.entries())
        if (!mapped.includes(claim))
          issue([...path, index, 'claim'], `a claim that Cognito maps (${mapped.join(', ')}), or via: 'direct'`, claim)
    }
    refuseUnmapped(['connection', 'requiredClaims'], config.connection.requiredClaims)
    for (const [index, allowed] of config.connection.allowedDomains.entries())
      if (!Object.hasOwn(config.tenants, allowed))
        issue(
          ['connection', 'allowedDomains', index],
          `a domain that tenants maps (${Object.keys(config.tenants).join(', ')})`,
          allowed,
        )
    for (const [id, { redirectUris }] of Object.entries(config.clients))
      for (const [index, uri] of redirectUris.entries())
        if (redirectUriKind(uri, config.redirects.schemes) === undefined)
          issue(
            ['clients', id, 'redirectUris', index],
            'https://…, http at a loopback address, or a private-use scheme that redirects.schemes lists; no fragment',
            uri,
          )
    for (const [id, { introspects = [] }] of Object.entries(config.clients))
      for (const [index, server] of introspects.entries())
        if (!Object.hasOwn(config.servers, server))
          issue(['clients', id, 'introspects', index], `one of ${Object.keys(config.servers).join(', ')}`, server)
    const tenants = Object.values(config.tenants)
    for (const [name, { access, privileged, scopes }] of Object.entries(config.servers))
      for (const [path, rules] of [
        [['access'], access],
        [['privileged'], privileged],
        ...Object.entries(scopes ?? {}).map(([scope, rules]) => [['scopes', scope], rules] as const),
      ] as const) {
        const at = ['servers', name, ...path]
        for (const [index, tenant] of (rules?.tenants ?? []).entries())
          if (!tenants.includes(tenant)) issue([...at, 'tenants', index], `a tenant (${tenants.join(', ')})`, tenant)
        refuseUnmapped([...at, 'claims'], rules?.claims ?? [])
        if (config.connection.via === 'cognito' && rules?.groups)
          issue([...at, 'groups'], "no groups: Cognito maps none; use via: 'direct'", rules.groups)
      }
  })

export type FactoryConfigInput = z.input<typeof factorySchema>
export type FactoryConfig = z.output<typeof factorySchema>
export type ServerConfig = FactoryConfig['servers'][string]

/**
 * Validates `factory.config.ts`, the one file that describes a factory.
 * @throws ConfigError with, for each wrong value, its path, what was found and what is allowed
 */
export function defineFactory(input: FactoryConfigInput): FactoryConfig {
  const result = factorySchema.safeParse(input, SAYING_WHAT_IS_ALLOWED)
  if (!result.success) throw new ConfigError(formatIssues(result.error.issues))
  return result.data
}
