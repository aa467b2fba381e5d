import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import * as z from 'zod'
import { LOOPBACK_HOSTS } from '../model/loopback-hosts.ts'
import { domainMappings } from './api-gateway/domain-mapping.ts'
import type { ApiDirectory, ApiHandler } from './api-gateway/index.ts'
import { below } from './api-gateway/paths.ts'
import { parsedResources } from './resource-properties.ts'
import type { Stack } from './stack.ts'

const domainName = z.object({ DomainName: z.string() })

/** What proxies and tunnels add; some rewrite the Host to this machine's name. */
const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'cf-connecting-ip',
]

/**
 * The custom domain: gives a request to the API whose mapping key is the longest that its path begins with
 * (PLATFORM 6). Another host name gets API Gateway's 403, which is also what stops a page that has made its own name
 * lead to this machine. The board, where there is one, takes the place of the authorization server's home page for who
 * sits at this machine.
 */
export function customDomain(
  stacks: readonly Stack[],
  apis: ApiDirectory,
  board: RequestListener | undefined,
): RequestListener {
  const hosts = parsedResources(stacks, 'AWS::ApiGatewayV2::DomainName', domainName).map(
    ({ properties }) => properties.DomainName,
  )
  const mappings = domainMappings(stacks)
    .map(({ apiId, target }) => ({ api: apis.get(apiId), target }))
    .sort((left, right) => right.target.mappingKey.length - left.target.mappingKey.length)
  return (request, response) => {
    if (board && isForBoard(request)) return board(request, response)
    const path = pathOf(request)
    const mapping = isOneOf([...hosts, ...LOOPBACK_HOSTS], request)
      ? mappings.find(({ target }) => below(target.mappingKey, path) !== undefined)
      : undefined
    if (mapping) void mapping.api.handle(request, response, mapping.target)
    else forbidden(response)
  }
}

/** One API at an origin of its own, as an execute-api host is. */
export function executeApi(api: ApiHandler): RequestListener {
  return (request, response) => {
    if (isOneOf(LOOPBACK_HOSTS, request)) void api.handle(request, response, undefined)
    else forbidden(response)
  }
}

/** The board, where the front has nothing else to serve. */
export function boardAlone(board: RequestListener): RequestListener {
  return (request, response) => {
    if (isFromHere(request)) board(request, response)
    else forbidden(response)
  }
}

/** What is the board's beside the APIs: `GET /` and everything below `/-/`. */
function isForBoard(request: IncomingMessage): boolean {
  const path = pathOf(request)
  return ((path === '/' && request.method === 'GET') || path.startsWith('/-/')) && isFromHere(request)
}

/** Of somebody who sits at this machine: the board names people and tells what they do. */
function isFromHere(request: IncomingMessage): boolean {
  return isOneOf(LOOPBACK_HOSTS, request) && !FORWARDED.some((name) => name in request.headers)
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const [path = ''] = url.split('?', 1)
  return path
}

function isOneOf(hosts: readonly string[], { headers }: IncomingMessage): boolean {
  return hosts.includes((headers.host ?? '').toLowerCase().replace(/:\d+$/, ''))
}

function forbidden(response: ServerResponse): void {
  response
    .writeHead(403, { 'content-type': 'application/json', 'x-amzn-errortype': 'ForbiddenException' })
    .end('{"message":"Forbidden"}')
}
