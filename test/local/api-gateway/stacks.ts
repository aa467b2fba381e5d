import type { Resource, Stack } from '../../../local/stack.ts'
import { functionArn } from './functions.ts'

export type Properties = Readonly<Record<string, unknown>>

export function stack(...resources: Resource[]): Stack {
  return { name: 'test', resources, outputs: {} }
}

export function resource(type: string, logicalId: string, properties: Properties): Resource {
  return { logicalId, type, physicalId: logicalId.toLowerCase(), properties }
}

function lambdaUri(name: string, streaming = false): string {
  const [version, action] = streaming ? ['2021-11-15', 'response-streaming-invocations'] : ['2015-03-31', 'invocations']
  return `arn:aws:apigateway:us-east-1:lambda:path/${version}/functions/${functionArn(name)}/${action}`
}

/** What lets API Gateway invoke a function. */
export function permission(name: string, sourceArn = 'arn:aws:execute-api:*'): Resource {
  return resource('AWS::Lambda::Permission', `Allow${name}`, {
    Action: 'lambda:InvokeFunction',
    FunctionName: functionArn(name),
    Principal: 'apigateway.amazonaws.com',
    SourceArn: sourceArn,
  })
}

export interface MethodOptions {
  readonly integration?: Properties
  readonly properties?: Properties
}

/** The `AWS_PROXY` integration of a function. */
export function lambdaProxy(name: string, more: Properties = {}): Properties {
  const streaming = more.ResponseTransferMode === 'STREAM'
  return { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: lambdaUri(name, streaming), ...more }
}

/** A MOCK integration with one static response. */
export function mock(status: number, body: string, more: Properties = {}): Properties {
  return {
    Type: 'MOCK',
    PassthroughBehavior: 'NEVER',
    RequestTemplates: { 'application/json': `{"statusCode":${status}}` },
    IntegrationResponses: [{ StatusCode: String(status), ResponseTemplates: { 'application/json': body } }],
    ...more,
  }
}

/**
 * A REST API `rest` with the stage `v1`.
 * @param methods `POST /mcp` to its integration, or to properties of the method that include it
 */
export function restApi(
  methods: Readonly<Record<string, Properties>>,
  more: { api?: Properties; stage?: Properties; resources?: readonly Resource[]; method?: Properties } = {},
): Stack {
  const paths = new Map<string, string>([['', 'root']])
  const resources: Resource[] = []
  const resourceId = (path: string): string => {
    const known = paths.get(path)
    if (known) return known
    const cut = path.lastIndexOf('/')
    const parent = resourceId(path.slice(0, cut))
    const made = resource('AWS::ApiGateway::Resource', `Resource${paths.size}`, {
      RestApiId: 'rest',
      ParentId: parent,
      PathPart: path.slice(cut + 1),
    })
    resources.push(made)
    paths.set(path, made.physicalId)
    return made.physicalId
  }
  for (const [key, integration] of Object.entries(methods)) {
    const [method = '', path = ''] = key.split(' ')
    const responses = (integration.IntegrationResponses ?? []) as {
      StatusCode: string
      ResponseParameters?: object
    }[]
    resources.push(
      resource('AWS::ApiGateway::Method', `Method${resources.length}`, {
        RestApiId: 'rest',
        ResourceId: resourceId(path === '/' ? '' : path),
        HttpMethod: method,
        AuthorizationType: 'NONE',
        Integration: integration,
        MethodResponses: responses.map(({ StatusCode, ResponseParameters = {} }) => ({
          StatusCode,
          ResponseParameters: Object.fromEntries(Object.keys(ResponseParameters).map((name) => [name, true])),
        })),
        ...more.method,
      }),
    )
  }
  return stack(
    resource('AWS::ApiGateway::RestApi', 'Rest', { Name: 'test', ...more.api }),
    resource('AWS::ApiGateway::Stage', 'Stage', { RestApiId: 'rest', StageName: 'v1', ...more.stage }),
    ...resources,
    ...(more.resources ?? []),
  )
}

/** An authorizer `authorizer` of the function `gate`, and what makes every method ask it. */
export function authorizer(more: Properties = {}): { resources: Resource[]; method: Properties } {
  return {
    resources: [
      permission('gate'),
      resource('AWS::ApiGateway::Authorizer', 'Authorizer', {
        RestApiId: 'rest',
        Name: 'gate',
        Type: 'REQUEST',
        AuthorizerUri: lambdaUri('gate'),
        AuthorizerResultTtlInSeconds: 0,
        ...more,
      }),
    ],
    method: { AuthorizationType: 'CUSTOM', AuthorizerId: 'authorizer' },
  }
}

export function policy(effect: 'Allow' | 'Deny', target: string, context: object = {}) {
  const statement = { Effect: effect, Action: 'execute-api:Invoke', Resource: target }
  return { principalId: 'someone', policyDocument: { Version: '2012-10-17', Statement: [statement] }, context }
}

export function gatewayResponse(type: string, properties: Properties): Resource {
  return resource('AWS::ApiGateway::GatewayResponse', `Response${type}`, {
    RestApiId: 'rest',
    ResponseType: type,
    ...properties,
  })
}

/** An HTTP API `http` with the stage `$default`. @param routes route keys to function names */
export function httpApi(
  routes: Readonly<Record<string, string>>,
  more: { api?: Properties; stage?: Properties; integration?: Properties; resources?: readonly Resource[] } = {},
): Stack {
  return stack(
    resource('AWS::ApiGatewayV2::Api', 'Http', { Name: 'test', ProtocolType: 'HTTP', ...more.api }),
    resource('AWS::ApiGatewayV2::Stage', 'HttpStage', { ApiId: 'http', StageName: '$default', ...more.stage }),
    ...Object.entries(routes).flatMap(([key, name], index) => [
      permission(name),
      resource('AWS::ApiGatewayV2::Integration', `Integration${index}`, {
        ApiId: 'http',
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: functionArn(name),
        PayloadFormatVersion: '2.0',
        ...more.integration,
      }),
      resource('AWS::ApiGatewayV2::Route', `Route${index}`, {
        ApiId: 'http',
        RouteKey: key,
        Target: `integrations/integration${index}`,
        AuthorizationType: 'NONE',
      }),
    ]),
    ...(more.resources ?? []),
  )
}

/** A custom domain's mapping of one of the two APIs. */
export function apiMapping(apiId: string, stage: string, key: string): Resource {
  return resource('AWS::ApiGatewayV2::ApiMapping', `Mapping${key}`, {
    ApiId: apiId,
    Stage: stage,
    DomainName: 'mcp.example.com',
    ...(key && { ApiMappingKey: key }),
  })
}
