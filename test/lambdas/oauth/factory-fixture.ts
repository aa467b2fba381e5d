import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { createHandler, type OAuthHandler } from '../../../lambdas/oauth/create-handler.ts'
import type { Environment } from '../../../lambdas/oauth/environment.ts'
import { publicJsonFetcher } from '../../../lambdas/outgoing/fetch-public-json.ts'
import { openStore, type Store } from '../../../lambdas/store/store.ts'
import type { KeySet } from '../../../lambdas/tokens/key-set.ts'
import type { PolicyDocument, ServerDocument } from '../../../model/documents.ts'
import { type LocalTable, startLocalTable } from '../store/local-table.ts'
import { sampleKeys } from '../tokens/sample-keys.ts'
import { type OpenIdProvider, startOpenIdProvider } from './openid-provider.ts'

export const ISSUER = 'https://mcp.example.com'
export const GOOGLE = 'https://accounts.google.com'
const CLIENT_ID = 'cognito-client'

/** Google behind Cognito, as the sample people of the sign-in page. */
export function cognitoPerson(email: string, claims: Readonly<Record<string, unknown>> = {}) {
  const domain = email.slice(email.indexOf('@') + 1)
  return {
    sub: `pool-${email}`,
    email,
    email_verified: true,
    name: email.slice(0, email.indexOf('@')),
    token_use: 'id',
    'custom:hd': domain,
    identities: [{ userId: `google-${email}`, providerName: 'Google', providerType: 'Google', primary: 'true' }],
    ...claims,
  }
}

export const PRODUCTIVITY: ServerDocument = {
  name: 'productivity',
  title: 'Productivity',
  resource: `${ISSUER}/productivity/mcp`,
  scopes: [
    { name: 'calendar:read', level: 'everyday', abilities: ['List calendar events'] },
    { name: 'calendar:write', level: 'everyday', abilities: ['Create a calendar event'] },
  ],
  abilities: { list_events: 'calendar:read', create_event: 'calendar:write' },
  access: {},
}

export const DEVOPS: ServerDocument = {
  name: 'devops',
  title: 'DevOps',
  resource: `${ISSUER}/devops/mcp`,
  scopes: [
    { name: 'health:read', level: 'everyday', abilities: ['Check service health'] },
    { name: 'deploy:run', level: 'privileged', abilities: ['Trigger a deployment'] },
  ],
  abilities: { check_service_health: 'health:read', trigger: 'deploy:run' },
  access: { tenants: ['example'] },
  privileged: { people: ['bob@example.com'] },
}

export const POLICY: PolicyDocument = {
  organisation: 'Example',
  connection: { provider: 'google', via: 'cognito', issuer: GOOGLE },
  access: { domains: ['example.com', 'partner.test', 'unmapped.test'] },
  tenants: { 'example.com': 'example', 'partner.test': 'partner' },
  lifetimes: { accessToken: 600, refreshIdle: 14 * 86_400, refreshAbsolute: 60 * 86_400, browserSession: 28_800 },
  redirects: { schemes: [], hosts: ['known.example.net'] },
}

export interface LogLine {
  readonly level: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

export interface HttpRequest {
  readonly method?: string
  readonly path: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly string[]
  readonly body?: string
  /** Of API Gateway; the one that serves the request where none is named. */
  readonly routeKey?: string
}

/** An authorization server with everything around it but AWS: dynalite, an OpenID provider, keys, a movable clock. */
export interface FactoryFixture {
  readonly table: LocalTable
  readonly provider: OpenIdProvider
  readonly logs: LogLine[]
  keys: KeySet | undefined
  /** The servers whose health URL answers, by name. */
  up: readonly string[]
  /** Lets time pass. @param seconds how much */
  pass(seconds: number): void
  now(): number
  /** Writes documents as the registrar does, and lets the cache run out. */
  write(documents: { policy?: PolicyDocument; servers?: readonly ServerDocument[] }): Promise<void>
  put(item: Readonly<Record<string, string | number>>): Promise<void>
  /** The store as another instance of the function has it, with cold caches. */
  store(): Store
  /** @param instance of the function; the one that is always the same where none is named */
  send(request: HttpRequest, instance?: OAuthHandler): Promise<APIGatewayProxyStructuredResultV2>
  /** Another instance of the function, with cold caches. */
  anotherInstance(): OAuthHandler
  /** Takes back every fault that a test made. */
  heal(): void
  close(): Promise<void>
}

export async function startFactory(
  options: {
    readonly issuer?: string
    readonly environment?: Partial<Environment>
    readonly upstreamSecret?: { readonly clientId: string; readonly clientSecret: string }
    /** How the function's DynamoDB client is made. */
    readonly dynamodb?: DynamoDBClientConfig
    readonly keys?: KeySet
    /** Reads the keys secret in another way than from memory. */
    readonly readKeys?: () => Promise<string>
  } = {},
): Promise<FactoryFixture> {
  const issuer = options.issuer ?? ISSUER
  const table = await startLocalTable(options.dynamodb)
  const { upstreamSecret } = options
  const provider = await startOpenIdProvider(upstreamSecret?.clientId ?? CLIENT_ID, upstreamSecret?.clientSecret)
  const logs: LogLine[] = []
  let passed = 0
  let requests = 0
  // It stands still but for `pass`: a slow test is no later than a fast one.
  const startedAt = Math.floor(Date.now() / 1000)
  const now = () => startedAt + passed
  const log = (level: string) => (message: string, fields: Readonly<Record<string, unknown>>) => {
    logs.push({ level, message, fields })
  }
  const fixture: FactoryFixture = {
    table,
    provider,
    logs,
    keys: options.keys ?? (await sampleKeys()),
    up: ['productivity', 'devops'],
    now,
    pass(seconds) {
      passed += seconds
    },
    put: (item) => table.put(item),
    store: () => openStore(table.client, table.tableName, now, () => undefined),
    async write({ policy, servers = [] }) {
      if (policy) await fixture.put({ pk: 'POLICY', sk: 'POLICY', doc: JSON.stringify(policy) })
      for (const server of servers) {
        await fixture.put({ pk: `SERVER#${server.name}`, sk: 'SERVER', doc: JSON.stringify(server) })
        await fixture.put({ pk: 'SERVERS', sk: server.name })
      }
      passed += 10
    },
    send: (request, instance = handler) => instance(event({ ...request, id: `request-${++requests}` }), {} as Context),
    anotherInstance: () => create(),
    heal() {
      table.failing = []
      table.failure = 'down'
      provider.fault = 'none'
    },
    async close() {
      await Promise.all([table.close(), provider.close()])
    },
  }
  const create = () =>
    createHandler({
      environment: {
        issuer,
        tableName: table.tableName,
        keysSecretArn: 'arn:keys',
        upstreamIssuer: provider.issuer,
        upstreamClient: upstreamSecret ? { secretArn: 'arn:upstream', version: 'v1' } : { clientId: CLIENT_ID },
        identityProvider: upstreamSecret ? undefined : 'Google',
        metadataDocuments: false,
        ...options.environment,
      },
      dynamodb: table.client,
      readSecret: async (arn) => {
        if (arn === 'arn:upstream') return JSON.stringify(upstreamSecret)
        if (options.readKeys) return options.readKeys()
        return fixture.keys ? JSON.stringify(fixture.keys) : 'a-random-placeholder'
      },
      fetchPublicJson: publicJsonFetcher(Date.now),
      isUp: async (url) => fixture.up.some((name) => url === `${issuer}/${name}/health`),
      now,
      log: { info: log('info'), error: log('error') },
      audit: log('audit'),
    })
  const handler = create()
  await fixture.write({ policy: POLICY, servers: [PRODUCTIVITY, DEVOPS] })
  const [signing] = fixture.keys?.signing ?? []
  const { d: _, ...publicJwk } = signing?.jwk ?? { d: '' }
  await fixture.put({
    pk: 'KEYS',
    sk: 'KEYS',
    doc: JSON.stringify({ keys: [{ kid: signing?.kid, jwk: publicJwk }] }),
  })
  return fixture
}

/** An HTTP API event (payload 2.0); bodies arrive in base64 (PLATFORM 8). */
export function event(request: HttpRequest & { readonly id?: string }): Parameters<OAuthHandler>[0] {
  const method = request.method ?? 'GET'
  const routeKey =
    request.routeKey ?? (method === 'POST' && request.path === '/register' ? 'POST /register' : '$default')
  return {
    version: '2.0',
    routeKey,
    rawPath: request.path,
    rawQueryString: request.query ?? '',
    cookies: [...(request.cookies ?? [])],
    headers: { host: 'mcp.example.com', ...request.headers },
    requestContext: {
      accountId: '1',
      apiId: 'api',
      domainName: 'mcp.example.com',
      domainPrefix: 'mcp',
      http: { method, path: request.path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.1', userAgent: 'test' },
      requestId: request.id ?? 'request',
      routeKey,
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    ...(request.body !== undefined && { body: Buffer.from(request.body).toString('base64') }),
    isBase64Encoded: request.body !== undefined,
  }
}
