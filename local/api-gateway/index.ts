import type { IncomingMessage, ServerResponse } from 'node:http'

import type { LambdaService } from '../invocation.ts'
import { LambdaPermissions } from '../lambda-permissions.ts'
import { label, parsedResources } from '../resource-properties.ts'
import { type Stack, UnsupportedError } from '../stack.ts'
import { accessLogLine } from './access-log.ts'
import { send } from './answer.ts'
import type { Api, Gateway } from './api.ts'
import { type DomainMapping, domainMappings } from './domain-mapping.ts'
import { HttpApi, httpApiProperties } from './http-api.ts'
import { receive } from './request.ts'
import { RestApi } from './rest-api.ts'
import { restApiProperties, restModel } from './rest-model.ts'

export type { DomainMapping } from './domain-mapping.ts'

export interface ApiHandler {
  /**
   * Answers one request as API Gateway does. Never rejects.
   * @param mapping with a custom domain: the path begins with its mapping key ('' is the root). Without one the path
   *   begins with the stage, but for an HTTP API's `$default`.
   */
  handle(request: IncomingMessage, response: ServerResponse, mapping: DomainMapping | undefined): Promise<void>
}

export interface ApiDirectory {
  /** @throws Error where no stack has an API of that id */
  get(apiId: string): ApiHandler
}

export interface ApiOptions {
  /** Access logs in the stages' formats, and why requests failed. */
  log(line: object): void
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/**
 * All REST and HTTP APIs of the stacks.
 * @throws UnsupportedError naming what cannot be stood for: a property, expression or template
 */
export function createApis(stacks: readonly Stack[], lambda: LambdaService, options: ApiOptions): ApiDirectory {
  const gateway: Gateway = {
    lambda,
    permissions: new LambdaPermissions(stacks, 'apigateway.amazonaws.com'),
    now: options.now ?? Date.now,
    explain: (requestId, reason) => options.log({ level: 'error', service: 'api-gateway', requestId, reason }),
  }
  const apis = new Map<string, Api>()
  for (const { resource, properties } of parsedResources(stacks, 'AWS::ApiGateway::RestApi', restApiProperties))
    apis.set(resource.physicalId, new RestApi(restModel(resource, properties, stacks), gateway))
  for (const { resource, properties } of parsedResources(stacks, 'AWS::ApiGatewayV2::Api', httpApiProperties))
    apis.set(resource.physicalId, new HttpApi(resource, properties, stacks, gateway))
  for (const { resource, apiId, stage } of domainMappings(stacks))
    if (apis.get(apiId)?.stage !== stage)
      throw new UnsupportedError(`${label(resource)}: there is no stage ${stage} of API ${apiId}`)

  return {
    get(apiId) {
      const api = apis.get(apiId)
      if (!api) throw new Error(`no API ${apiId}`)
      return { handle: (request, response, mapping) => handle(api, gateway, options, request, response, mapping) }
    },
  }
}

async function handle(
  api: Api,
  gateway: Gateway,
  options: ApiOptions,
  message: IncomingMessage,
  response: ServerResponse,
  mapping: DomainMapping | undefined,
): Promise<void> {
  const startedAt = gateway.now()
  try {
    const request = await receive(message, new Date(startedAt))
    // PLATFORM 7: the health check's, on every custom domain.
    if (mapping && /^\/s?ping$/.test(request.path)) {
      await send(response, { status: 200, headers: [['Content-Type', 'text/plain']], body: Buffer.from('healthy') })
      return
    }
    const { answer, accessLog } = await api.respond(request, mapping)
    const responseLength = await send(response, answer)
    if (!accessLog) return
    const outcome = { status: answer.status, responseLength, responseLatency: gateway.now() - startedAt }
    options.log(accessLogLine(accessLog.format, { ...accessLog.context, ...outcome }))
  } catch (error) {
    // The client left while sending, or this stand-in itself is at fault.
    options.log({
      level: 'error',
      service: 'api-gateway',
      reason: error instanceof Error ? error.stack : String(error),
    })
    response.destroy()
  }
}
