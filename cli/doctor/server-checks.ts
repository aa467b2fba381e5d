import { BACKEND } from './backend-failure.ts'
import { challengeOf, REMAPPED } from './challenge.ts'
import { METHODS, PREFLIGHT_HEADERS, type ServerEvidence } from './evidence.ts'
import { type Exchange, jsonOf, notJson } from './exchange.ts'
import { amber, type Check, green, red, unless } from './finding.ts'
import { missingProtection } from './protection.ts'
import { isLoopback, isTrustworthy } from './trustworthy-url.ts'

const GATEWAY_RESPONSES = 'lib/gateway-responses.ts writes it; deploy again, and look for a proxy that renames headers'
const METADATA = 'lib/protected-resource-metadata.ts writes it from the server’s URL; deploy again'
const BROWSER = 'lib/browser-headers.ts has the headers; is each in the API’s deployment?'

/** What an MCP server says before anybody has a token: RFC 6750, RFC 9728, CORS. */
export const SERVER_CHECKS: readonly Check<ServerEvidence>[] = [
  {
    id: 'challenge-header',
    judge: ({ refused: { POST } }) => {
      if (POST.headers.has('www-authenticate')) return green('WWW-Authenticate arrives under its own name')
      const renamed = POST.headers.has(REMAPPED)
      return red(
        renamed ? `WWW-Authenticate arrives as ${REMAPPED}: no client reads that` : 'the 401 has no WWW-Authenticate',
        renamed
          ? 'only a gateway response can send it: lib/gateway-responses.ts, UNAUTHORIZED; nothing of a function can'
          : GATEWAY_RESPONSES,
      )
    },
  },
  { id: 'challenge', judge: challenge },
  { id: 'metadata', judge: metadata },
  { id: 'metadata-inserted', judge: insertedMetadata },
  {
    id: 'refusal',
    judge: ({ refused, badToken }) =>
      unless(
        [
          ...METHODS.map(
            (method) => refused[method].status !== 401 && `${method} without a token: ${status(refused[method])}`,
          ),
          badToken.status !== 401 && `POST with a bad token: ${status(badToken)}`,
        ],
        'POST, GET, DELETE without a token and POST with a bad one: 401',
        'every method of /mcp stands behind the authorizer: lib/mcp-endpoint.ts; 503 or 500: its log',
      ),
  },
  { id: 'preflight', judge: preflight },
  { id: 'exposed-headers', judge: exposed },
  {
    id: 'protection',
    judge: ({ refused: { POST } }) =>
      unless(
        [
          ...missingProtection(POST),
          POST.headers.get('cache-control') !== 'no-store' && 'the 401 may be cached (no Cache-Control: no-store)',
        ],
        'nosniff, HSTS on https, the 401 is not cached',
        BROWSER,
      ),
  },
  {
    id: 'unknown-path',
    judge: ({ nowhere }) =>
      nowhere.status === 404
        ? green('404')
        : red(
            `an unknown path gets ${status(nowhere)}, which clients take for a refusal`,
            'MISSING_AUTHENTICATION_TOKEN is mapped to 404: lib/gateway-responses.ts',
          ),
  },
  {
    id: 'listed',
    judge: ({ listedAs }) =>
      listedAs === undefined
        ? red('the authorization server does not list it: no token can be issued', 'deploy the server’s stack again')
        : green('the authorization server lists it'),
  },
  {
    id: 'health',
    judge: ({ health, listedAs }) => {
      // A skillset that runs is up: one that says itself that it is down is a proxy.
      if (health.status === 503 && jsonOf(health)?.status === 'down')
        return red('the server behind this proxy does not answer as it should', BACKEND)
      if (health.status !== 200)
        return red(`/health gets ${status(health)}`, 'the log of the server’s function says why')
      if (listedAs === 'down')
        return amber('it is up, and the authorization server lists it as down', 'if it has just started, ask again')
      return green('up')
    },
  },
]

function challenge({ refused: { POST } }: ServerEvidence) {
  const found = challengeOf(POST)
  if (!found) return red(`no Bearer challenge with ${status(POST)}`, GATEWAY_RESPONSES)
  const { resource_metadata: url, scope, error } = found.parameters
  return unless(
    [
      url === undefined && 'no resource_metadata',
      url !== undefined && !isTrustworthy(url) && `resource_metadata is ${url}: neither https nor this machine`,
      !scope && 'no scope: clients will ask for none or for all',
      error !== undefined && `error=${error}, though no token was sent (RFC 6750 §3.1)`,
    ],
    `resource_metadata and scope="${scope}"`,
    GATEWAY_RESPONSES,
  )
}

function metadata({ metadata: exchange, resource, issuer, refused }: ServerEvidence) {
  const wrong = notJson(exchange)
  if (wrong) return red(`${exchange.url}: ${wrong}`, METADATA)
  const document = jsonOf(exchange) ?? {}
  const asked = challengeOf(refused.POST)?.parameters.scope?.split(' ') ?? []
  const supported = Array.isArray(document.scopes_supported) ? document.scopes_supported : []
  const unknown = asked.filter((scope) => !supported.includes(scope))
  return unless(
    [
      document.resource !== resource &&
        `resource is ${String(document.resource)}, the server is ${resource}: clients stop there`,
      JSON.stringify(document.authorization_servers) !== JSON.stringify([issuer]) &&
        `authorization_servers is ${JSON.stringify(document.authorization_servers)}, the issuer is ${issuer}`,
      unknown.length > 0 && `the challenge asks for ${unknown.join(' ')}, which scopes_supported lacks`,
    ],
    'resource is the server’s URL, authorization_servers the issuer, both byte for byte',
    METADATA,
  )
}

function insertedMetadata({ insertedMetadata: exchange, resource, issuer }: ServerEvidence) {
  if (new URL(resource).origin !== new URL(issuer).origin)
    return amber(
      'the server’s host cannot serve it: a REST API’s own URL begins with the stage',
      'nothing, for clients that read the challenge; for one that looks only there set domain in factory.config.ts',
    )
  const wrong = notJson(exchange)
  if (wrong) return red(`${exchange.url}: ${wrong}`, 'lambdas/oauth/protected-resource.ts; is the server registered?')
  const found = jsonOf(exchange)?.resource
  return unless(
    [found !== resource && `resource is ${String(found)}, the server is ${resource}`],
    'the same at the path-inserted URL of RFC 9728 §3.1',
    'lambdas/oauth/protected-resource.ts; deploy the server’s stack again',
  )
}

function preflight({ preflight: exchange, metadata: document }: ServerEvidence) {
  const { headers } = exchange
  const words = (name: string) => (headers.get(name) ?? '').toLowerCase().split(/\s*,\s*/)
  const allowed = words('access-control-allow-headers')
  // Fetch: the wildcard does not take in Authorization.
  const missing = PREFLIGHT_HEADERS.filter(
    (name) => !allowed.includes(name) && (name === 'authorization' || !allowed.includes('*')),
  )
  return unless(
    [
      (exchange.status < 200 || exchange.status > 299) && `OPTIONS gets ${status(exchange)}`,
      !words('access-control-allow-origin').includes('*') && 'no Access-Control-Allow-Origin',
      !words('access-control-allow-methods').includes('post') && 'POST is not allowed',
      missing.length > 0 && `not allowed: ${missing.join(', ')}`,
      document.headers.get('access-control-allow-origin') !== '*' && 'the metadata cannot be read across origins',
    ],
    'browser clients may call it, and read the metadata',
    BROWSER,
  )
}

/** CL-05: what a browser client must read of a refusal. */
function exposed({ refused: { POST } }: ServerEvidence) {
  const names = (POST.headers.get('access-control-expose-headers') ?? '').toLowerCase()
  const missing = ['www-authenticate', 'mcp-session-id'].filter((name) => !names.includes(name) && names !== '*')
  return unless(
    [
      POST.headers.get('access-control-allow-origin') !== '*' && 'the 401 has no Access-Control-Allow-Origin',
      missing.length > 0 && `the 401 does not expose ${missing.join(', ')}: a browser client cannot sign in`,
    ],
    'the 401 shows browser clients its challenge',
    BROWSER,
  )
}

function status({ status: code, failure, url }: Exchange): string {
  if (code !== 0) return String(code)
  return `no answer${isLoopback(url) ? '' : ` of ${new URL(url).host}`} (${failure})`
}
