import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import * as z from 'zod'
import { domainMappings } from './api-gateway/domain-mapping.ts'
import type { ApiDirectory, ApiHandler } from './api-gateway/index.ts'
import { below } from './api-gateway/paths.ts'
import { parsedResources } from './resource-properties.ts'
import type { Stack } from './stack.ts'

const domainName = z.object({ DomainName: z.string() })

/** This machine's own names, beside a tunnel's. */
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]']

/**
 * The custom domain: gives a request to the API whose mapping key is the longest that its path begins with
 * (PLATFORM 6). Another host name gets API Gateway's 403, which is also what stops a page that has made its own name
 * lead to this machine.
 */
export function customDomain(stacks: readonly Stack[], apis: ApiDirectory): RequestListener {
  const hosts = parsedResources(stacks, 'AWS::ApiGatewayV2::DomainName', domainName).map(
    ({ properties }) => properties.DomainName,
  )
  const mappings = domainMappings(stacks)
    .map(({ apiId, target }) => ({ api: apis.get(apiId), target }))
    .sort((left, right) => right.target.mappingKey.length - left.target.mappingKey.length)
  return (request, response) => {
    const [path = ''] = (request.url ?? '/').split('?', 1)
    const mapping = isOneOf([...hosts, ...LOCAL_HOSTS], request)
      ? mappings.find(({ target }) => below(target.mappingKey, path) !== undefined)
      : undefined
    if (mapping) void mapping.api.handle(request, response, mapping.target)
    else forbidden(response)
  }
}

/** One API at an origin of its own, as an execute-api host is. */
export function executeApi(api: ApiHandler): RequestListener {
  return (request, response) => {
    if (isOneOf(LOCAL_HOSTS, request)) void api.handle(request, response, undefined)
    else forbidden(response)
  }
}

/** The board, where the front has nothing else to serve. */
export function plainText(text: string): RequestListener {
  return (request, response) => {
    if (isOneOf(LOCAL_HOSTS, request))
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
    else forbidden(response)
  }
}

function isOneOf(hosts: readonly string[], { headers }: IncomingMessage): boolean {
  return hosts.includes((headers.host ?? '').toLowerCase().replace(/:\d+$/, ''))
}

function forbidden(response: ServerResponse): void {
  response
    .writeHead(403, { 'content-type': 'application/json', 'x-amzn-errortype': 'ForbiddenException' })
    .end('{"message":"Forbidden"}')
}
