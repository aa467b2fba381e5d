import { type Duration, Validations } from 'aws-cdk-lib'
import { AuthorizationType, type IAuthorizer, type IResource, type RestApi } from 'aws-cdk-lib/aws-apigateway'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { MCP_PATH } from '../model/resource-urls.ts'
import { BROWSER_HEADERS, PREFLIGHT_HEADERS } from './browser-headers.ts'
import { addMockMethod } from './mock-method.ts'
import { streaming } from './streaming.ts'

export interface McpEndpoint {
  /** Absent: anybody may call, which only a proxy's config can say. */
  readonly authorizer: IAuthorizer | undefined
  readonly handler: IFunction
  readonly timeout: Duration
}

/** `/mcp`: POST streams from the skillset's function; GET and DELETE are 405, but 401 first without a token (RS-08). */
export function addMcpEndpoint(api: RestApi, endpoint: McpEndpoint): void {
  const mcp = api.root.resourceForPath(MCP_PATH)
  addStreamingMethods(mcp, ['POST'], endpoint)
  for (const method of ['GET', 'DELETE'])
    addMockMethod(mcp, method, {
      statusCode: '405',
      headers: { ...BROWSER_HEADERS, Allow: "'POST, OPTIONS'" },
      ...(endpoint.authorizer && { authorizer: endpoint.authorizer }),
    })
}

/** `/mcp` and whatever is below it: the proxy's function passes every method of Streamable HTTP on. */
export function addProxyEndpoint(api: RestApi, endpoint: McpEndpoint): void {
  const mcp = api.root.resourceForPath(MCP_PATH)
  for (const resource of [mcp, mcp.addResource('{proxy+}')])
    addStreamingMethods(resource, ['POST', 'GET', 'DELETE'], endpoint)
}

function addStreamingMethods(
  resource: IResource,
  methods: readonly string[],
  { authorizer, handler, timeout }: McpEndpoint,
): void {
  Validations.of(resource).acknowledge({
    id: 'AwsSolutions-COG4',
    reason:
      'The tokens are the authorization server’s own, with an audience per server: the Lambda authorizer checks them, Cognito issues none of them',
  })
  if (authorizer === undefined)
    Validations.of(resource).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'factory.config.ts says public: true of this server',
    })
  for (const method of methods)
    resource.addMethod(
      method,
      streaming(handler, timeout),
      authorizer ? { authorizer } : { authorizationType: AuthorizationType.NONE },
    )
  addMockMethod(resource, 'OPTIONS', { statusCode: '204', headers: PREFLIGHT_HEADERS })
}
