import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { ENDPOINTS } from '../../model/endpoints.ts'
import type { Audit } from '../audit/audit.ts'
import type { FetchPublicJson } from '../outgoing/fetch-public-json.ts'
import { errorChain } from '../shell/error-chain.ts'
import type { Log } from '../shell/log.ts'
import { openStore } from '../store/store.ts'
import { keysReader } from '../tokens/keys-reader.ts'
import { answer } from './answer.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { knownClients } from './clients/known-clients.ts'
import type { Environment } from './environment.ts'
import { cookieJar } from './http/cookies.ts'
import { CORS_HEADERS } from './http/cors.ts'
import { readRequest } from './http/request.ts'
import { securityHeaders } from './http/security-headers.ts'
import { routes } from './routes.ts'
import { openUpstream } from './upstream/upstream.ts'
import { readUpstreamCredentials } from './upstream/upstream-credentials.ts'

/** Everything outside that the function uses. */
export interface Dependencies {
  readonly environment: Environment
  readonly dynamodb: DynamoDBClient
  /** A secret's text, of the named version or the current one. */
  readonly readSecret: (arn: string, version?: string) => Promise<string>
  /** The one way to where a stranger points. */
  readonly fetchPublicJson: FetchPublicJson
  /** Whether a server says at this URL that it is up; undefined where it says nothing in time. Never rejects. */
  readonly isUp: (healthUrl: string) => Promise<boolean | undefined>
  /** Seconds since the epoch. */
  readonly now: () => number
  readonly log: Log
  readonly audit: Audit
}

export type OAuthHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>

/** The authorization server as a Lambda handler for an HTTP API (payload 2.0). */
export function createHandler(dependencies: Dependencies): OAuthHandler {
  const { environment, now, log, audit, readSecret } = dependencies
  const { issuer, metadataDocuments } = environment
  const store = openStore(dependencies.dynamodb, environment.tableName, now, (name) =>
    log.error('registration cannot be read', { server: name }),
  )
  const fetchJson = metadataDocuments ? dependencies.fetchPublicJson : undefined
  const server: AuthorizationServer = {
    issuer,
    metadataDocuments,
    now,
    log,
    audit,
    jar: cookieJar(issuer),
    isUp: dependencies.isUp,
    keys: keysReader(() => readSecret(environment.keysSecretArn), now),
    store,
    clients: knownClients({ store, issuer, fetchJson, now }),
    upstream: openUpstream({
      issuer: environment.upstreamIssuer,
      redirectUri: `${issuer}${ENDPOINTS.callback}`,
      scope: environment.upstreamScope,
      identityProvider: environment.identityProvider,
      credentials: () => readUpstreamCredentials(environment.upstreamClient, readSecret),
      now,
    }),
  }
  const route = routes(server)
  const headers = securityHeaders(issuer.startsWith('https:'))

  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(async (event: APIGatewayProxyEventV2) => {
    const request = readRequest(event)
    const found = route(request.path)
    const response = await answer(found, request, server)
    const { requestId, method, path } = request
    log.info('answered', { requestId, method, path, status: response.status })
    return {
      statusCode: response.status,
      headers: {
        ...headers,
        'X-Request-ID': requestId,
        ...(found?.crossOrigin && CORS_HEADERS),
        ...response.headers,
      },
      ...(response.cookies && { cookies: [...response.cookies] }),
      body: response.body,
    }
  }).onError((invocation) => {
    // Only an event that is no request of an HTTP API comes here.
    log.error('invocation failed', { reason: errorChain(invocation.error) })
    invocation.response = {
      statusCode: 500,
      headers: { ...headers, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
      body: SERVER_ERROR,
    }
  }) as unknown as OAuthHandler
}

const SERVER_ERROR = JSON.stringify({ error: 'server_error', error_description: 'An unexpected error happened' })
