import * as z from 'zod'

import { ignored, label, parsedResources } from '../resource-properties.ts'
import { type Resource, type Stack, UnsupportedError } from '../stack.ts'
import type { Answer } from './answer.ts'
import type { Api, Exchange, Gateway } from './api.ts'
import type { Context } from './context.ts'
import { within } from './deadline.ts'
import type { DomainMapping } from './domain-mapping.ts'
import { executeApiArn } from './execute-api-arn.ts'
import { type HttpRoute, httpContext, httpProxyEvent } from './http-event.ts'
import { httpProxyAnswer } from './lambda-integration.ts'
import { below, decodedPath } from './paths.ts'
import { accessLogSetting, theOnly, throttleLimits } from './properties.ts'
import { type GatewayRequest, MAX_EVENT_BYTES, MAX_HEADER_BYTES } from './request.ts'
import { discard } from './streaming-integration.ts'
import { Throttle } from './throttle.ts'

export const httpApiProperties = z.strictObject({
  ProtocolType: z.literal('HTTP'),
  Name: ignored,
  Description: ignored,
  Tags: ignored,
  DisableExecuteApiEndpoint: z.boolean().default(false),
})
const integrationProperties = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string().startsWith('arn:aws:lambda:'),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: z.number().min(50).max(30_000).default(30_000),
})
const routeProperties = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string().regex(/^(\$default|[A-Z]+ \/[^{}]*)$/, '$default, or a method and a path without parameters'),
  Target: z.string().startsWith('integrations/'),
  AuthorizationType: z.literal('NONE').optional(),
})
const routeSettings = z.strictObject({ ...throttleLimits, DetailedMetricsEnabled: ignored })
const stageProperties = z.strictObject({
  ApiId: z.string(),
  // PLATFORM 6: the one stage without a prefix.
  StageName: z.literal('$default'),
  AutoDeploy: ignored,
  Description: ignored,
  Tags: ignored,
  AccessLogSettings: accessLogSetting,
  DefaultRouteSettings: routeSettings.optional(),
  RouteSettings: z.record(z.string(), routeSettings).default({}),
})

interface Route {
  readonly key: string
  readonly functionArn: string
  readonly timeout: number
  readonly throttle: Throttle
}

/** An HTTP API: routes, throttle, Lambda integration with payload 2.0; its errors have one fixed form. */
export class HttpApi implements Api {
  readonly stage = '$default'
  readonly #id: string
  readonly #disabled: boolean
  readonly #gateway: Gateway
  readonly #logFormat: string | undefined
  /** By route key. */
  readonly #routes: ReadonlyMap<string, Route>

  /** @throws UnsupportedError naming the resource that cannot be stood for */
  constructor(
    api: Resource,
    properties: z.infer<typeof httpApiProperties>,
    stacks: readonly Stack[],
    gateway: Gateway,
  ) {
    this.#id = api.physicalId
    this.#disabled = properties.DisableExecuteApiEndpoint
    this.#gateway = gateway
    const own = <T extends { ApiId: string }>(type: string, schema: z.ZodType<T>) =>
      parsedResources(stacks, type, schema).filter((entry) => entry.properties.ApiId === this.#id)

    const stage = theOnly(own('AWS::ApiGatewayV2::Stage', stageProperties), `stages of ${label(api)}`)
    const { AccessLogSettings, DefaultRouteSettings, RouteSettings } = stage.properties
    this.#logFormat = AccessLogSettings?.Format
    const integrations = own('AWS::ApiGatewayV2::Integration', integrationProperties)
    this.#routes = new Map(
      own('AWS::ApiGatewayV2::Route', routeProperties).map(({ resource, properties: { RouteKey: key, Target } }) => {
        const integration = integrations.find((each) => Target === `integrations/${each.resource.physicalId}`)
        if (!integration) throw new UnsupportedError(`${label(resource)}: Target ${Target}`)
        const { IntegrationUri: functionArn, TimeoutInMillis: timeout } = integration.properties
        return [
          key,
          { key, functionArn, timeout, throttle: new Throttle({ ...DefaultRouteSettings, ...RouteSettings[key] }) },
        ]
      }),
    )
    const missing = Object.keys(RouteSettings).find((key) => !this.#routes.has(key))
    if (missing) throw new UnsupportedError(`${label(stage.resource)}: RouteSettings of a missing route ${missing}`)
  }

  async respond(request: GatewayRequest, mapping: DomainMapping | undefined): Promise<Exchange> {
    const path = mapping ? below(mapping.mappingKey, request.path) : request.path
    const identified = (answer: Answer): Answer => ({
      ...answer,
      headers: [...answer.headers, ['Apigw-Requestid', request.extendedId]],
    })
    if (path === undefined || (!mapping && this.#disabled))
      return { answer: identified(failure(404, 'Not Found').answer) }
    const { method } = request
    const target = [`${method} ${decodedPath(path)}`, `ANY ${decodedPath(path)}`, '$default']
      .map((key) => this.#routes.get(key))
      .find((route) => route !== undefined)
    const route = {
      apiId: this.#id,
      stage: this.stage,
      routeKey: target?.key ?? '',
      rawPath: path,
      domainName: mapping?.domainName ?? request.hostName,
    }
    const { answer, ...failed } = await this.#process(request, route, target)
    return {
      answer: identified(answer),
      ...(this.#logFormat && {
        accessLog: { format: this.#logFormat, context: { ...logContext(request, route), ...failed } },
      }),
    }
  }

  async #process(request: GatewayRequest, route: HttpRoute, target: Route | undefined): Promise<Result> {
    const { body } = request
    const { lambda, permissions, explain } = this.#gateway
    if (request.headerBytes > MAX_HEADER_BYTES) return failure(431, 'Request Header Fields Too Large')
    if (body === 'too large') return failure(413, 'Request Entity Too Large')
    if (!target) return failure(404, 'Not Found')
    const { key, functionArn, timeout, throttle } = target
    if (!throttle.admits(this.#gateway.now())) return failure(429, 'Too Many Requests')
    const failed = (reason: string): Result => {
      explain(request.extendedId, reason)
      return { ...failure(500, 'Internal Server Error'), integrationErrorMessage: reason }
    }
    const source = key.replace(/^ANY /, '* ').replace(' ', '')
    if (!permissions.allow(functionArn, executeApiArn(`${this.#id}/${this.stage}/${source}`)))
      return failed(`API Gateway has no permission to invoke ${functionArn}`)
    const event = httpProxyEvent({ ...request, body }, route)
    if (Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_BYTES) return failure(413, 'Request Entity Too Large')
    const pending = lambda.invoke(functionArn, event)
    const invocation = await within(timeout, pending)
    if (invocation === 'late') {
      void pending.then(discard)
      explain(request.extendedId, `no answer of ${functionArn} within ${timeout} ms`)
      return failure(503, 'Service Unavailable')
    }
    // HTTP APIs do not stream (PLATFORM 5).
    void discard(invocation)
    const answer = httpProxyAnswer(invocation)
    return 'malformed' in answer ? failed(`${functionArn}: ${answer.malformed}`) : { answer }
  }
}

interface Result {
  readonly answer: Answer
  readonly error?: { readonly message: string }
  readonly integrationErrorMessage?: string
}

/** The flat names that access logs of HTTP APIs use, beside the event's own. */
function logContext(request: GatewayRequest, route: HttpRoute): Context {
  const context = httpContext(request, route)
  const { method, path, protocol, sourceIp, userAgent } = context.http
  return {
    ...context,
    httpMethod: method,
    path,
    protocol,
    identity: { sourceIp, userAgent },
    requestTime: context.time,
    requestTimeEpoch: context.timeEpoch,
  }
}

function failure(status: number, message: string): Result {
  const body = Buffer.from(JSON.stringify({ message }))
  return { answer: { status, headers: [['Content-Type', 'application/json']], body }, error: { message } }
}
