import { Stack, Validations } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import type { ServerDocument } from '../model/documents.ts'
import { protectedResourceMetadata } from '../model/protected-resource-metadata.ts'
import { PROTECTED_RESOURCE_METADATA } from '../model/resource-urls.ts'
import { BROWSER_HEADERS, PREFLIGHT_HEADERS } from './browser-headers.ts'
import { addMockMethod } from './mock-method.ts'

/** The metadata as a static answer: reachable without a token, and while every function is down. */
export function addProtectedResourceMetadata(api: RestApi, server: ServerDocument, issuer: string): void {
  const resource = api.root.resourceForPath(PROTECTED_RESOURCE_METADATA)
  const metadata = addMockMethod(resource, 'GET', {
    statusCode: '200',
    headers: { ...BROWSER_HEADERS, 'Cache-Control': "'public, max-age=300'", 'Content-Type': "'application/json'" },
    body: Stack.of(api).toJsonString(protectedResourceMetadata(server, issuer)),
  })
  const reason =
    'RFC 9728 §3: a client reads the metadata before it has a token; the answer is constant and holds no secret'
  Validations.of(metadata).acknowledge({ id: 'AwsSolutions-APIG4', reason }, { id: 'AwsSolutions-COG4', reason })
  addMockMethod(resource, 'OPTIONS', { statusCode: '204', headers: PREFLIGHT_HEADERS })
}
