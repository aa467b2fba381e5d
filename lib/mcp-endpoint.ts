import type { Duration } from 'aws-cdk-lib'
import { type IAuthorizer, LambdaIntegration, ResponseTransferMode, type RestApi } from 'aws-cdk-lib/aws-apigateway'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { MCP_PATH } from '../model/resource-urls.ts'
import { BROWSER_HEADERS, PREFLIGHT_HEADERS } from './browser-headers.ts'
import { addMockMethod } from './mock-method.ts'

/** `/mcp`: POST streams from the skillset's function; GET and DELETE are 405, but 401 first without a token (RS-08). */
export function addMcpEndpoint(api: RestApi, authorizer: IAuthorizer, handler: IFunction, timeout: Duration): void {
  const mcp = api.root.resourceForPath(MCP_PATH)
  mcp.addMethod(
    'POST',
    new LambdaIntegration(handler, {
      responseTransferMode: ResponseTransferMode.STREAM,
      timeout,
      allowTestInvoke: false,
    }),
    { authorizer },
  )
  for (const method of ['GET', 'DELETE'])
    addMockMethod(mcp, method, {
      statusCode: '405',
      headers: { ...BROWSER_HEADERS, Allow: "'POST, OPTIONS'" },
      authorizer,
    })
  addMockMethod(mcp, 'OPTIONS', { statusCode: '204', headers: PREFLIGHT_HEADERS })
}
