import { Stack } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import type { ServerDocument } from '../model/documents.ts'
import { protectedResourceMetadata } from '../model/protected-resource-metadata.ts'
import { PROTECTED_RESOURCE_METADATA } from '../model/resource-urls.ts'
import { BROWSER_HEADERS, PREFLIGHT_HEADERS } from './browser-headers.ts'
import { addMockMethod } from './mock-method.ts'

/** The metadata as a static answer: reachable without a token, and while every function is down. */
export function addProtectedResourceMetadata(api: RestApi, server: ServerDocument, issuer: string): void {
  const resource = api.root.resourceForPath(PROTECTED_RESOURCE_METADATA)
  addMockMethod(resource, 'GET', {
    statusCode: '200',
    headers: { ...BROWSER_HEADERS, 'Cache-Control': "'public, max-age=300'", 'Content-Type': "'application/json'" },
    body: Stack.of(api).toJsonString(protectedResourceMetadata(server, issuer)),
  })
  addMockMethod(resource, 'OPTIONS', { statusCode: '204', headers: PREFLIGHT_HEADERS })
}
