import type { Answer } from './answer.ts'
import type { Api, Exchange, Gateway } from './api.ts'
import type { AuthorizerContext } from './authorizer.ts'
import { within } from './deadline.ts'
import type { DomainMapping } from './domain-mapping.ts'
import { executeApiArn } from './execute-api-arn.ts'
import type { Variables } from './expressions.ts'
import { type Refusal, refusalContext } from './gateway-response.ts'
import { headerValue } from './headers.ts'
import { restProxyAnswer } from './lambda-integration.ts'
import { below, decodedPath, greedyMatch } from './paths.ts'
import { type GatewayRequest, MAX_EVENT_BYTES, MAX_HEADER_BYTES } from './request.ts'
import { methodSource, type RestRoute, restContext, restProxyEvent } from './rest-event.ts'
import type { LambdaIntegration, RestMethod, RestModel } from './rest-model.ts'
import { discard, streamedAnswer } from './streaming-integration.ts'

interface Found {
  readonly route: RestRoute
  readonly method: RestMethod | undefined
  readonly variables: Variables
}

/** A REST API: stage, routing, throttle, authorizer, integration, gateway responses. */
export class RestApi implements Api {
  readonly #model: RestModel
  readonly #gateway: Gateway

  constructor(model: RestModel, gateway: Gateway) {
    this.#model = model
    this.#gateway = gateway
  }

  get stage(): string {
    return this.#model.stage.StageName
  }

  async respond(request: GatewayRequest, mapping: DomainMapping | undefined): Promise<Exchange> {
    const identified = (answer: Answer): Answer => ({
      ...answer,
      headers: [['x-amzn-RequestId', request.id], ['x-amz-apigw-id', request.extendedId], ...answer.headers],
    })
    if (request.headerBytes > MAX_HEADER_BYTES)
      return { answer: identified(plain(431, `HTTP header is larger than ${MAX_HEADER_BYTES} bytes.`)) }
    const found = this.#find(request, mapping)
    if (!found) return { answer: identified(plain(403, 'Forbidden', 'ForbiddenException')) }
    const { variables } = found
    const done = await this.#process(request, found)
    const said = 'answer' in done ? { ...(done.context && { authorizer: done.context }) } : refusalContext(done)
    const context = { ...variables.context, ...said }
    if ('reason' in done && done.reason) this.#gateway.explain(request.id, done.reason)
    const { gatewayResponses, stage } = this.#model
    const format = stage.AccessLogSetting?.Format
    return {
      answer: identified('answer' in done ? done.answer : gatewayResponses.answer(done, { ...variables, context })),
      ...(format && { accessLog: { format, context } }),
    }
  }

  async #process(
    request: GatewayRequest,
    { route, method, variables }: Found,
  ): Promise<{ answer: Answer; context?: AuthorizerContext } | Refusal> {
    const { body } = request
    if (body === 'too large') return { response: 'REQUEST_TOO_LARGE' }
    if (!method) return { response: 'MISSING_AUTHENTICATION_TOKEN' }
    const { throttle, authorizer, integration } = method
    if (!throttle.admits(this.#gateway.now())) return { response: 'THROTTLED' }

    const authorized = await authorizer?.authorize(request, route, variables, this.#gateway)
    if (authorized && 'response' in authorized) return authorized

    if (integration.kind === 'mock') {
      const answer = integration.answer(variables)
      return { ...(typeof answer === 'string' ? { response: answer } : { answer }), ...authorized }
    }
    const { BinaryMediaTypes } = this.#model.properties
    const event = restProxyEvent({ ...request, body }, route, authorized?.context, BinaryMediaTypes)
    return { ...(await this.#invoke(request, route, integration, event)), ...authorized }
  }

  async #invoke(
    request: GatewayRequest,
    route: RestRoute,
    { functionArn, streaming, timeout }: LambdaIntegration,
    event: object,
  ): Promise<{ answer: Answer } | Refusal> {
    const { lambda, permissions } = this.#gateway
    if (!permissions.allow(functionArn, executeApiArn(methodSource(route, request.method, route.resourcePath))))
      return { response: 'API_CONFIGURATION_ERROR', reason: `no permission to invoke ${functionArn}` }
    if (Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_BYTES) return { response: 'REQUEST_TOO_LARGE' }
    const endsAt = Date.now() + timeout
    const pending = lambda.invoke(functionArn, event)
    const invocation = await within(timeout, pending)
    if (invocation === 'late') {
      void pending.then(discard)
      return { response: 'INTEGRATION_TIMEOUT', reason: `no answer of ${functionArn} within ${timeout} ms` }
    }
    if (!streaming) void discard(invocation)
    const answer = streaming
      ? await streamedAnswer(invocation, endsAt)
      : restProxyAnswer(invocation, headerValue(request.headers, 'Accept'), this.#model.properties.BinaryMediaTypes)
    if (answer === 'late')
      return { response: 'INTEGRATION_TIMEOUT', reason: `no metadata of ${functionArn} within ${timeout} ms` }
    if ('malformed' in answer)
      return {
        response: 'DEFAULT_5XX',
        reason: `malformed Lambda proxy response of ${functionArn}: ${answer.malformed}`,
      }
    return { answer }
  }

  #find(request: GatewayRequest, mapping: DomainMapping | undefined): Found | undefined {
    const { id, properties, stage, methods } = this.#model
    if (!mapping && properties.DisableExecuteApiEndpoint) return undefined
    const path = below(mapping ? mapping.mappingKey : stage.StageName, request.path)
    if (path === undefined) return undefined
    const wanted = decodedPath(path.replace(/(?<=.)\/$/, ''))
    const { onPath, pathParameters } = methodsOnPath(methods, wanted)
    const route: RestRoute = {
      apiId: id,
      stage: stage.StageName,
      stageVariables: stage.Variables,
      resourceId: onPath[0]?.resourceId ?? '',
      resourcePath: onPath[0]?.path ?? '',
      pathParameters,
      eventPath: mapping ? request.path : path,
      methodPath: path,
      domainName: mapping?.domainName ?? request.hostName,
    }
    return {
      route,
      method: [request.method, 'ANY'].flatMap((verb) => onPath.filter(({ httpMethod }) => httpMethod === verb))[0],
      variables: {
        context: restContext(request, route),
        stageVariables: stage.Variables,
        request: { headers: request.headers, query: new URLSearchParams(request.query) },
      },
    }
  }
}

/** The methods of the resource that a path leads to: one of that very path wins over a greedy one. */
function methodsOnPath(methods: readonly RestMethod[], wanted: string) {
  const exact = methods.filter(({ path }) => path === wanted)
  if (exact.length > 0) return { onPath: exact, pathParameters: {} }
  const matched = methods.flatMap((method) => {
    const pathParameters = greedyMatch(method.path, wanted)
    return pathParameters ? [{ method, pathParameters }] : []
  })
  const longest = matched.toSorted((one, other) => other.method.path.length - one.method.path.length)[0]
  const onPath = matched.map(({ method }) => method).filter(({ path }) => path === longest?.method.path)
  return { onPath, pathParameters: longest?.pathParameters ?? {} }
}

function plain(status: number, message: string, errorType?: string): Answer {
  return {
    status,
    headers: [['Content-Type', 'application/json'], ...(errorType ? [['x-amzn-ErrorType', errorType] as const] : [])],
    body: Buffer.from(JSON.stringify({ message })),
  }
}
