import * as z from 'zod'
import { ENDPOINTS } from '../../model/endpoints.ts'
import { serverList } from '../../model/server-list.ts'
import { CommandFailure, EXIT } from '../command-failure.ts'
import { metadataUrls } from './evidence.ts'
import { type Ask, type Exchange, jsonOf } from './exchange.ts'
import { mcpRequest } from './mcp-request.ts'
import { isLoopback, isTrustworthy, mayLeadTo } from './trustworthy-url.ts'

/** Whoever answers says how many servers there are: more are not asked. */
const MOST_SERVERS = 100

/** Where a factory is. */
export interface Discovered {
  /** The authorization server's origin. */
  readonly issuer: string
  readonly servers: readonly { readonly resource: string; readonly listedAs?: string | undefined }[]
  /** How many more it lists. */
  readonly unexamined?: number
}

const authorizationServer = z.object({ issuer: z.string(), token_endpoint: z.string() })

/**
 * Finds a whole factory from its issuer, or from one server's URL.
 * @param localIssuer of the factory that runs here, which may have been meant
 * @throws CommandFailure in one sentence, where there is none
 */
export async function discover(given: string, ask: Ask, localIssuer?: string): Promise<Discovered> {
  const url = readUrl(given)
  const isServer = url.pathname !== '/'
  const resource = url.origin + url.pathname.replace(/\/$/, '')
  const first = isServer ? await ask(resource, mcpRequest('POST', {})) : await askMetadata(url.origin, ask)
  const meant =
    localIssuer !== undefined && localIssuer !== url.origin && isLoopback(given)
      ? ` The factory that runs here is ${localIssuer}: give that.`
      : ''
  if (first.status === 0) throw new CommandFailure(`${resource} does not answer: ${first.failure}.${meant}`)
  const location = first.headers.get('location')
  if (first.status >= 300 && first.status < 400 && location !== null)
    throw new CommandFailure(`${resource} redirects to ${new URL(location, resource).href}: give that, if it is yours.`)

  for (const issuer of await issuersOf(url, isServer ? metadataUrls(resource, first) : [], ask)) {
    const metadata = issuer === url.origin && !isServer ? first : await askMetadata(issuer, ask)
    if (!authorizationServer.safeParse(jsonOf(metadata)).success) continue
    const listed = serverList.safeParse(jsonOf(await ask(issuer + ENDPOINTS.servers))).data?.servers ?? []
    const foreign = listed.find((server) => !mayLeadTo(issuer, server.resource))
    if (foreign)
      throw new CommandFailure(
        `${issuer} lists ${foreign.resource}; allowed: https URLs, and those of this machine only for a factory on it.`,
      )
    const servers: Discovered['servers'][number][] = listed.map(({ resource, status }) => ({
      resource,
      listedAs: status,
    }))
    const isListed = servers.some((server) => server.resource === resource)
    if (isServer && !isListed) {
      // A server's neighbour, a page of the authorization server: known by what it answers.
      if (first.status !== 401 && servers.length > 0)
        throw new CommandFailure(
          `${resource} is no server of the factory at ${issuer}; there are ${servers.map((each) => each.resource).join(', ')}.`,
        )
      servers.push({ resource })
    }
    if (servers.length === 0) continue
    // The one that was asked for is among those examined.
    servers.sort((one, other) => Number(other.resource === resource) - Number(one.resource === resource))
    const unexamined = servers.length - MOST_SERVERS
    return { issuer, servers: servers.slice(0, MOST_SERVERS), ...(unexamined > 0 && { unexamined }) }
  }
  throw new CommandFailure(`${resource} is no factory: ${whatItIs(first)}.${meant}`)
}

function askMetadata(issuer: string, ask: Ask): Promise<Exchange> {
  return ask(issuer + ENDPOINTS.authorizationServerMetadata)
}

/** The origins of the authorization servers that a server's metadata names, and at last its own. */
async function issuersOf({ origin }: URL, metadataAt: readonly string[], ask: Ask): Promise<Set<string>> {
  const documents = await Promise.all(metadataAt.map(async (url) => jsonOf(await ask(url))))
  const named = documents.flatMap((document) => document?.authorization_servers ?? [])
  const trusted = named.filter((issuer): issuer is string => typeof issuer === 'string' && mayLeadTo(origin, issuer))
  return new Set([...trusted.map((issuer) => new URL(issuer).origin), origin])
}

function readUrl(given: string): URL {
  if (!isTrustworthy(given))
    throw new CommandFailure(
      `url: found ${given}; allowed: the https URL of a factory or of one of its servers (http on this machine)`,
      EXIT.wrongUsage,
    )
  return new URL(given)
}

function whatItIs({ status, headers }: Exchange): string {
  const type = headers.get('content-type')?.split(';')[0]
  if (status >= 500) return `it answers ${status}; if it is yours, read the log of its OAuth function`
  return type === 'text/html'
    ? `it answers with a page (${status})`
    : `no metadata leads to an authorization server (${status})`
}
