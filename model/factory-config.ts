import * as z from 'zod'
import { ConfigError, formatIssues } from './config-error.ts'
import { isReservedName, SERVER_NAME, STAGE_NAME } from './names.ts'
import { emailDomain } from './person.ts'
import { namesSomebody } from './rules/access.ts'
import { isUsablePattern } from './rules/claim-pattern.ts'

const DAY = 86_400

/** Attributes that the Cognito user pool maps from the federated provider; a rule may look at no other claim. */
const COGNITO_CLAIMS: readonly string[] = ['email', 'email_verified', 'name', 'hd']

const domain = z.string().regex(/^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a domain name in lower case, such as example.com')
const email = z.string().refine((value) => emailDomain(value) !== undefined, 'an email address')
const httpsUrl = z.url({ protocol: /^https$/, error: 'an https URL' })
/** RFC 6454 §6.1: scheme, host and port, nothing else. */
const origin = z
  .string()
  .refine(
    (value) => /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value,
    'an origin such as https://app.example.com',
  )
const scalar = z.union([z.string(), z.number(), z.boolean()])

const pattern = z
  .string()
  .refine(
    isUsablePattern,
    'a regular expression of at most 200 characters without repeated repetitions or alternatives',
  )

const claimRule = z
  .strictObject({
    claim: z.string().min(1),
    equals: scalar.optional(),
    oneOf: z.array(scalar).min(1).optional(),
    contains: z.string().optional(),
    matches: pattern.optional(),
  })
  .refine((rule) => Object.keys(rule).length > 1, 'a rule with one of equals, oneOf, contains, matches')

const accessRules = z.strictObject({
  domains: z.array(domain).min(1).optional(),
  tenants: z.array(z.string()).min(1).optional(),
  people: z.array(email).min(1).optional(),
  blocked: z.array(email).optional(),
  groups: z.array(z.string()).min(1).optional(),
  claims: z.array(claimRule).min(1).optional(),
})

/** Credentials are a secret (`npm run factory -- secrets set …`); the config names the version to deploy (PLATFORM 15a). */
const connectionBase = {
  secretVersion: z.string().min(1).optional(),
  allowedDomains: z.array(domain).min(1),
  requiredClaims: z.array(claimRule).default([]),
  blocked: z.array(email).default([]),
}

const connection = z.discriminatedUnion(
  'provider',
  [
    z.strictObject({
      provider: z.literal('google'),
      via: z.enum(['cognito', 'direct']).default('cognito'),
      /** The consent screen's user type is "Internal": Google admits nobody from outside the organisation. */
      internalApp: z.boolean().default(false),
      ...connectionBase,
    }),
    z
      .strictObject({
        provider: z.literal('oidc'),
        via: z.enum(['cognito', 'direct']).default('direct'),
        issuer: httpsUrl,
        /** The domains this issuer may assert. */
        asserts: z.array(domain).min(1).optional(),
        /** Entra ID: the domains each directory (`tid`) may assert. */
        directories: z.record(z.string(), z.array(domain).min(1)).optional(),
        ...connectionBase,
      })
      .refine(({ asserts, directories }) => (asserts === undefined) !== (directories === undefined), {
        path: ['asserts'],
        error: 'either asserts or directories: the domains this issuer may assert',
      }),
  ],
  { error: "provider 'google' or 'oidc'" },
)

const serverBase = {
  title: z.string().min(1).optional(),
  access: accessRules.default({}),
  /** Who may hold privileged scopes; absent: nobody. */
  privileged: accessRules.refine(namesSomebody, 'rules that name somebody').optional(),
  /** Browser origins that may call the server (RS-04). Loopback origins always may. */
  allowedOrigins: z.array(origin).default([]),
}

const server = z.strictObject({
  skillset: z.string().regex(SERVER_NAME, 'the name of a folder below lambdas/skillsets/'),
  /** Given to the skillset, which says what it expects. */
  options: z.record(z.string(), z.json()).default({}),
  ...serverBase,
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
      for (const [index, { claim }] of rules.entries())
        if (!COGNITO_CLAIMS.includes(claim))
          issue(
            [...path, index, 'claim'],
            `a claim that Cognito maps (${COGNITO_CLAIMS.join(', ')}), or via: 'direct'`,
            claim,
          )
    }
    refuseUnmapped(['connection', 'requiredClaims'], config.connection.requiredClaims)
    for (const [index, allowed] of config.connection.allowedDomains.entries())
      if (!Object.hasOwn(config.tenants, allowed))
        issue(
          ['connection', 'allowedDomains', index],
          `a domain that tenants maps (${Object.keys(config.tenants).join(', ')})`,
          allowed,
        )
    const tenants = Object.values(config.tenants)
    for (const [name, { access, privileged }] of Object.entries(config.servers))
      for (const [key, rules] of [
        ['access', access],
        ['privileged', privileged],
      ] as const) {
        for (const [index, tenant] of (rules?.tenants ?? []).entries())
          if (!tenants.includes(tenant))
            issue(['servers', name, key, 'tenants', index], `a tenant (${tenants.join(', ')})`, tenant)
        refuseUnmapped(['servers', name, key, 'claims'], rules?.claims ?? [])
        if (config.connection.via === 'cognito' && rules?.groups)
          issue(
            ['servers', name, key, 'groups'],
            "no groups: Cognito maps none from Google; use via: 'direct'",
            rules.groups,
          )
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
  const result = factorySchema.safeParse(input, { reportInput: true })
  if (!result.success) throw new ConfigError(formatIssues(result.error.issues))
  return result.data
}
