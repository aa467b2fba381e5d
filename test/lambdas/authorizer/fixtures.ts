import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { AccessTokenClaims, VerifiedToken } from '../../../lambdas/authorizer/access-token.ts'
import type { GateIdentity } from '../../../lambdas/authorizer/environment.ts'
import type { RequestFacts } from '../../../lambdas/authorizer/request-facts.ts'
import type { Snapshot, TableItems } from '../../../lambdas/authorizer/snapshot.ts'
import type { DenyEntry } from '../../../model/deny-entry.ts'
import type { PolicyDocument, ServerDocument } from '../../../model/documents.ts'

/** Seconds since the epoch. */
export const NOW = 1_800_000_000
export const KID = 'key-1'

export const GATE: GateIdentity = {
  issuer: 'https://mcp.example.com',
  audience: 'https://mcp.example.com/devops/mcp',
  metadataUrl: 'https://mcp.example.com/devops/.well-known/oauth-protected-resource',
  serverName: 'devops',
}

export const SIGNING = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const FOREIGN = generateKeyPairSync('ec', { namedCurve: 'P-256' })

export const CLAIMS: AccessTokenClaims = {
  iss: GATE.issuer,
  sub: 'alice-sub',
  aud: GATE.audience,
  client_id: 'client-1',
  scope: 'health:read',
  iat: NOW - 60,
  exp: NOW + 540,
  jti: 'token-1',
  sid: 'grant-1',
  email: 'alice@example.com',
  name: 'Alice',
  picture: 'https://pictures.example.com/alice.png',
  tenant: 'example',
}

export const POLICY: PolicyDocument = {
  organisation: 'Example',
  connection: { provider: 'google', via: 'cognito', issuer: 'https://accounts.google.com' },
  access: { domains: ['example.com', 'partner.test'] },
  tenants: { 'example.com': 'example', 'partner.test': 'partner' },
  lifetimes: { accessToken: 600, refreshIdle: 1_209_600, refreshAbsolute: 5_184_000, browserSession: 28_800 },
  redirects: { schemes: [], hosts: [] },
}

export const SERVER: ServerDocument = {
  name: 'devops',
  title: 'DevOps',
  resource: GATE.audience,
  scopes: [
    { name: 'health:read', level: 'everyday', abilities: ['Check health'] },
    { name: 'logs:read', level: 'everyday', abilities: ['Read logs'] },
    { name: 'deploy:run', level: 'privileged', abilities: ['Deploy'] },
  ],
  abilities: { check_service_health: 'health:read', read_logs: 'logs:read', deploy: 'deploy:run' },
  access: { tenants: ['example'] },
  privileged: { people: ['bob@example.com'] },
}

export function tokenOf(changes: Partial<AccessTokenClaims> = {}, kid = KID): VerifiedToken {
  return { kid, claims: { ...CLAIMS, ...changes } }
}

export function snapshotOf(
  changes: {
    readonly policy?: Partial<PolicyDocument>
    readonly server?: Partial<ServerDocument>
    readonly denyEntries?: readonly DenyEntry[]
    readonly keyExpiresAt?: number
  } = {},
): Snapshot {
  return {
    keys: new Map([[KID, { key: SIGNING.publicKey, expiresAt: changes.keyExpiresAt }]]),
    policy: { ...POLICY, ...changes.policy },
    server: { ...SERVER, ...changes.server },
    denyEntries: changes.denyEntries ?? [],
  }
}

/** What the headers of a 2026-07-28 call of a tool say. */
export function callOf(tool: string): Omit<RequestFacts, 'bearer'> {
  return { protocolVersions: ['2026-07-28'], mcpMethods: ['tools/call'], mcpNames: [tool] }
}

export const NO_MCP_HEADERS: Omit<RequestFacts, 'bearer'> = { protocolVersions: [], mcpMethods: [], mcpNames: [] }

export const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: KID }

const encoded = (value: unknown) =>
  Buffer.from(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString('base64url')

/** Signs whatever it is given: text and bytes stand for themselves, so that a test can write JSON that nobody would. */
export function signToken(
  claims: unknown = CLAIMS,
  header: unknown = HEADER,
  privateKey: KeyObject = SIGNING.privateKey,
): string {
  const input = `${encoded(header)}.${encoded(claims)}`
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

export function publicJwk(key: KeyObject = SIGNING.publicKey) {
  return createPublicKey(key.export({ format: 'pem', type: 'spki' })).export({ format: 'jwk' })
}

/** The table's items as another reading would return them. */
export function itemsOf(changes: Partial<TableItems> = {}): TableItems {
  return {
    keys: JSON.stringify({ keys: [{ kid: KID, jwk: publicJwk() }] }),
    policy: JSON.stringify(POLICY),
    server: JSON.stringify(SERVER),
    denyEntries: [],
    ...changes,
  }
}
