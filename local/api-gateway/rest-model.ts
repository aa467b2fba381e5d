import * as z from 'zod'

import { ignored, label, parsedResources } from '../resource-properties.ts'
import { type Resource, type Stack, UnsupportedError } from '../stack.ts'
import { Authorizer, authorizerProperties } from './authorizer.ts'
import { GatewayResponses, gatewayResponseProperties } from './gateway-response.ts'
import { methodResponses, mockIntegration, mockIntegrationProperties } from './mock-integration.ts'
import { accessLogSetting, texts, theOnly, throttleLimits } from './properties.ts'
import { Throttle } from './throttle.ts'

/** PLATFORM 7 and 5: what a buffered integration gets at most, and any by default; a stream's longest. */
const BUFFERED_TIMEOUT_MILLISECONDS = 29_000
const LONGEST_STREAM_MILLISECONDS = 15 * 60_000

export const restApiProperties = z.strictObject({
  Name: ignored,
  Description: ignored,
  EndpointConfiguration: ignored,
  Tags: ignored,
  DisableExecuteApiEndpoint: z.boolean().default(false),
  BinaryMediaTypes: z.array(z.string()).default([]),
})
const resourceProperties = z.strictObject({
  RestApiId: z.string(),
  ParentId: z.string(),
  PathPart: z.string().regex(/^(?:[^{}]+|\{\w+\+\})$/, 'a part without parameters, or a greedy one'),
})
const stageProperties = z.strictObject({
  RestApiId: z.string(),
  StageName: z.string().regex(/^[\w-]{1,128}$/),
  DeploymentId: ignored,
  Description: ignored,
  Tags: ignored,
  TracingEnabled: ignored,
  Variables: texts.default({}),
  AccessLogSetting: accessLogSetting,
  MethodSettings: z
    .array(
      z.strictObject({
        ...throttleLimits,
        ResourcePath: z.string(),
        HttpMethod: z.string(),
        DataTraceEnabled: ignored,
        LoggingLevel: ignored,
        MetricsEnabled: ignored,
      }),
    )
    .default([]),
})
const lambdaProperties = z.strictObject({
  Type: z.literal('AWS_PROXY'),
  IntegrationHttpMethod: z.literal('POST'),
  Uri: z.string(),
  ResponseTransferMode: z.enum(['BUFFERED', 'STREAM']).default('BUFFERED'),
  TimeoutInMillis: z.number().min(50).max(LONGEST_STREAM_MILLISECONDS).default(BUFFERED_TIMEOUT_MILLISECONDS),
})
const methodProperties = z.strictObject({
  RestApiId: z.string(),
  ResourceId: z.string(),
  HttpMethod: z.string(),
  OperationName: ignored,
  AuthorizationType: z.enum(['NONE', 'CUSTOM']).default('NONE'),
  AuthorizerId: z.string().optional(),
  Integration: z.discriminatedUnion('Type', [lambdaProperties, mockIntegrationProperties]),
  MethodResponses: methodResponses,
})

export interface LambdaIntegration {
  readonly kind: 'lambda'
  readonly functionArn: string
  readonly streaming: boolean
  readonly timeout: number
}
export interface RestMethod {
  readonly resourceId: string
  readonly path: string
  readonly httpMethod: string
  readonly throttle: Throttle
  readonly authorizer: Authorizer | undefined
  readonly integration:
    | LambdaIntegration
    | { readonly kind: 'mock'; readonly answer: ReturnType<typeof mockIntegration> }
}
type RestStage = z.infer<typeof stageProperties>

/** A REST API as its stacks' resources describe it. */
export interface RestModel {
  readonly id: string
  readonly properties: z.infer<typeof restApiProperties>
  readonly stage: RestStage
  readonly methods: readonly RestMethod[]
  readonly gatewayResponses: GatewayResponses
}

/** @throws UnsupportedError naming the resource that cannot be stood for */
export function restModel(api: Resource, properties: RestModel['properties'], stacks: readonly Stack[]): RestModel {
  const id = api.physicalId
  const own = <T extends { RestApiId: string }>(type: string, schema: z.ZodType<T>) =>
    parsedResources(stacks, type, schema).filter((entry) => entry.properties.RestApiId === id)

  const { properties: stage } = theOnly(own('AWS::ApiGateway::Stage', stageProperties), `stages of ${label(api)}`)
  const resources = new Map(
    own('AWS::ApiGateway::Resource', resourceProperties).map((each) => [each.resource.physicalId, each.properties]),
  )
  // An id that is no resource's is the API's root.
  const pathOf = (resourceId: string): string => {
    const part = resources.get(resourceId)
    return part ? `${pathOf(part.ParentId)}/${part.PathPart}` : ''
  }
  const authorizers = new Map(
    own('AWS::ApiGateway::Authorizer', authorizerProperties).map(({ resource, properties: authorizer }) => [
      resource.physicalId,
      new Authorizer(resource, authorizer, functionBehind(authorizer.AuthorizerUri, resource, false)),
    ]),
  )
  const methods = own('AWS::ApiGateway::Method', methodProperties).map(({ resource, properties: method }) => {
    const { Integration: integration, AuthorizationType, AuthorizerId, HttpMethod: httpMethod, ResourceId } = method
    const authorizer = AuthorizationType === 'CUSTOM' ? authorizers.get(AuthorizerId ?? '') : undefined
    if (AuthorizationType === 'CUSTOM' && !authorizer)
      throw new UnsupportedError(`${label(resource)}: AuthorizerId ${AuthorizerId}`)
    const path = pathOf(ResourceId) || '/'
    return {
      resourceId: ResourceId,
      path,
      httpMethod,
      throttle: new Throttle(methodSetting(stage, path, httpMethod)),
      authorizer,
      integration:
        integration.Type === 'MOCK'
          ? { kind: 'mock', answer: mockIntegration(resource, integration, method.MethodResponses) }
          : lambdaIntegration(resource, integration),
    } satisfies RestMethod
  })
  const gatewayResponses = new GatewayResponses(own('AWS::ApiGateway::GatewayResponse', gatewayResponseProperties))
  return { id, properties, stage, methods, gatewayResponses }
}

/** Settings hold per method, the more specific first: method and path, path, method, all. */
function methodSetting({ MethodSettings }: RestStage, path: string, method: string) {
  const paths = [`/${path.replaceAll('/', '~1')}`, '/*']
  const candidates = paths.flatMap((each) => [method, '*'].map((verb) => [each, verb]))
  const found = candidates
    .map(([ResourcePath, HttpMethod]) =>
      MethodSettings.find((each) => each.ResourcePath === ResourcePath && each.HttpMethod === HttpMethod),
    )
    .find((setting) => setting !== undefined)
  return found ?? {}
}

function lambdaIntegration(resource: Resource, properties: z.infer<typeof lambdaProperties>): LambdaIntegration {
  const { ResponseTransferMode, TimeoutInMillis: timeout, Uri } = properties
  const streaming = ResponseTransferMode === 'STREAM'
  if (!streaming && timeout > BUFFERED_TIMEOUT_MILLISECONDS)
    throw new UnsupportedError(`${label(resource)}: TimeoutInMillis ${timeout} of a buffered integration`)
  return { kind: 'lambda', functionArn: functionBehind(Uri, resource, streaming), streaming, timeout }
}

/**
 * The function behind an integration's or authorizer's URI.
 * @throws UnsupportedError where the URI is not of that form: a streaming integration has one of its own (PLATFORM 5)
 */
function functionBehind(uri: string, resource: Resource, streaming: boolean): string {
  const path = streaming
    ? /:lambda:path\/2021-11-15\/functions\/(arn:[^/]+)\/response-streaming-invocations$/
    : /:lambda:path\/2015-03-31\/functions\/(arn:[^/]+)\/invocations$/
  const arn = path.exec(uri)?.[1]
  if (!arn) throw new UnsupportedError(`${label(resource)}: URI ${uri}`)
  return arn
}
