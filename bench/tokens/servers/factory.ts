import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { JSONWebKeySet } from 'jose'
import { functionAudit } from '../../../lambdas/audit/audit.ts'
import { generateKeys } from '../../../lambdas/key-rotation/new-keys.ts'
import { createHandler } from '../../../lambdas/oauth/create-handler.ts'
import { functionLog } from '../../../lambdas/shell/log.ts'
import type { SignedInPerson } from '../../../lambdas/store/signed-in-person.ts'
import { openStore } from '../../../lambdas/store/store.ts'
import { formatCode } from '../../../lambdas/tokens/authorization-code.ts'
import type { KeySet } from '../../../lambdas/tokens/key-set.ts'
import { publicHalf } from '../../../lambdas/tokens/public-keys.ts'
import { randomId, randomSecret } from '../../../lambdas/tokens/secrets.ts'
import { subjectId } from '../../../lambdas/tokens/subject-id.ts'
import type { PolicyDocument, ServerDocument } from '../../../model/documents.ts'
import { lambdaListener } from '../lambda-listener.ts'
import { memoryDynamoDB } from '../memory-dynamodb.ts'
import { pkcePair } from '../pkce.ts'
import { ISSUER, LIFETIMES, REDIRECT_URI, RESOURCE, SCOPE, type TokenServer } from '../token-server.ts'
import { acceptsJwt } from '../verify-jwt.ts'

const TABLE = 'factory'
const CLIENT_ID = 'bench-client'
const GOOGLE = 'https://accounts.google.com'
const CODE_LIFETIME = 60

const POLICY: PolicyDocument = {
  organisation: 'Example',
  connection: { provider: 'google', via: 'cognito', issuer: GOOGLE },
  access: { domains: ['example.com', 'partner.test'] },
  tenants: { 'example.com': 'example', 'partner.test': 'partner' },
  lifetimes: {
    accessToken: LIFETIMES.accessToken,
    refreshIdle: LIFETIMES.refresh,
    refreshAbsolute: 60 * 86_400,
    browserSession: 28_800,
  },
  redirects: { schemes: [], hosts: [] },
}

const SERVER: ServerDocument = {
  name: 'productivity',
  title: 'Productivity',
  resource: RESOURCE,
  scopes: [
    { name: SCOPE, level: 'everyday', abilities: ['List calendar events'] },
    { name: 'reports:share', level: 'privileged', abilities: ['Share a report'] },
  ],
  abilities: { list_events: SCOPE, share_report: 'reports:share' },
  access: { tenants: ['example'] },
  privileged: { people: ['bob@example.com'] },
}

/** The OAuth function's handler as it is deployed; its table alone is in memory. It writes its log. */
export async function start(): Promise<TokenServer> {
  const now = () => Math.floor(Date.now() / 1000)
  const dynamodb = memoryDynamoDB()
  const keys = await keySet()
  await writeDocuments(dynamodb, keys)
  const store = openStore(dynamodb, TABLE, now, () => undefined)
  await store.clients.register({
    clientId: CLIENT_ID,
    metadata: {
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
    issuedAt: now(),
    expiresAt: now() + 86_400,
  })
  // What the gates and every refresh look through.
  for (const email of ['eve@example.com', 'mallory@example.com']) await store.denials.block(email, [randomSecret()])
  const handler = createHandler({
    environment: {
      issuer: ISSUER,
      tableName: TABLE,
      keysSecretArn: 'arn:keys',
      upstreamIssuer: 'http://127.0.0.1:1',
      upstreamClient: { clientId: 'nobody-signs-in' },
      identityProvider: 'Google',
      metadataDocuments: false,
      upstreamScope: 'openid email profile',
    },
    dynamodb,
    readSecret: async () => JSON.stringify(keys),
    fetchPublicJson: () => Promise.reject(new Error('nothing is fetched')),
    isUp: async () => true,
    now,
    log: functionLog(),
    audit: functionAudit(),
  })
  const publicKeys: JSONWebKeySet = { keys: keys.signing.map(({ kid, jwk }) => publicHalf({ kid, jwk })) }
  return {
    listener: lambdaListener(handler),
    tokenPath: '/token',
    accepts: (accessToken) => acceptsJwt(accessToken, publicKeys),
    issueCodes: (count) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const flowId = randomId()
          const { verifier, challenge } = pkcePair()
          const { code, kid } = formatCode(flowId, keys, now())
          await store.codes.issue({
            flowId,
            clientId: CLIENT_ID,
            redirectUri: REDIRECT_URI,
            codeChallenge: challenge,
            resource: RESOURCE,
            server: SERVER.name,
            scopes: [SCOPE],
            grantId: randomId(),
            salt: randomSecret(),
            kid,
            signedIn: person(now()),
            redeemableUntil: now() + CODE_LIFETIME,
          })
          return { clientId: CLIENT_ID, code, verifier }
        }),
      ),
  }
}

async function keySet(): Promise<KeySet> {
  const { signing, sealing, refresh } = await generateKeys()
  return {
    version: 1,
    signing: [{ ...signing, signFrom: 0 }],
    sealing: [{ ...sealing, useFrom: 0 }],
    refresh: [{ ...refresh, useFrom: 0 }],
  }
}

/** What the registrar and the key rotation write. */
async function writeDocuments(dynamodb: ReturnType<typeof memoryDynamoDB>, keys: KeySet): Promise<void> {
  const put = (pk: string, sk: string, document: unknown) =>
    dynamodb.send(
      new PutItemCommand({
        TableName: TABLE,
        Item: { pk: { S: pk }, sk: { S: sk }, doc: { S: JSON.stringify(document) } },
      }),
    )
  await put('POLICY', 'POLICY', POLICY)
  await put('SERVERS', SERVER.name, {})
  await put(`SERVER#${SERVER.name}`, 'SERVER', SERVER)
  const { kid, jwk } = keys.signing[0] ?? { kid: '', jwk: { d: '' } }
  const { d: _, ...publicJwk } = jwk
  await put('KEYS', 'KEYS', { keys: [{ kid, jwk: publicJwk }] })
}

function person(now: number): SignedInPerson {
  const subject = randomId()
  const email = `${subject}@example.com`
  return {
    person: { sub: subjectId(GOOGLE, subject), email, name: 'A Person', tenant: 'example', claims: {} },
    evidence: { email, email_verified: true, hd: 'example.com' },
    signedInAt: now,
  }
}
