import { ENDPOINTS } from '../../model/endpoints.ts'
import type { IssuerEvidence } from './evidence.ts'
import { type Exchange, jsonOf, notJson } from './exchange.ts'
import { type Check, green, red, unless } from './finding.ts'
import { missingProtection } from './protection.ts'

const SEE_LOG = 'read the log of the OAuth function; lambdas/oauth/routes.ts has the endpoint'

const ADVERTISED = {
  authorization_endpoint: ENDPOINTS.authorize,
  token_endpoint: ENDPOINTS.token,
  registration_endpoint: ENDPOINTS.register,
  jwks_uri: ENDPOINTS.jwks,
}

/** Discovery and keys of the authorization server: RFC 8414, RFC 9207, RFC 7636, RFC 7517. */
export const ISSUER_CHECKS: readonly Check<IssuerEvidence>[] = [
  {
    id: 'issuer-metadata',
    judge: ({ metadata, openidConfiguration }) =>
      unless(
        [
          problem(ENDPOINTS.authorizationServerMetadata, notJson(metadata)),
          problem(ENDPOINTS.openidConfiguration, notJson(openidConfiguration)),
          metadata.body !== openidConfiguration.body && 'the two documents differ: clients read either',
        ],
        'RFC 8414 and openid-configuration are there and the same',
        SEE_LOG,
      ),
  },
  { id: 'issuer-identifier', judge: identifier },
  {
    id: 'issuer-endpoints',
    judge: ({ issuer, metadata }) => {
      const document = jsonOf(metadata) ?? {}
      const wrong = Object.entries(ADVERTISED).filter(([name, path]) => document[name] !== `${issuer}${path}`)
      return unless(
        wrong.map(([name]) => `${name} is ${String(document[name])}`),
        'every endpoint is on the issuer’s own origin',
        'the OAuth function builds them from ISSUER (lib/authorization-stack.ts)',
      )
    },
  },
  {
    id: 'issuer-capabilities',
    judge: ({ metadata }) => {
      const document = jsonOf(metadata) ?? {}
      const says = (name: string, value: string) => list(document[name]).includes(value)
      return unless(
        [
          list(document.code_challenge_methods_supported).join() !== 'S256' &&
            'code_challenge_methods_supported is not S256 alone: clients refuse to go on, or use plain',
          !says('response_types_supported', 'code') && 'response_types_supported has no code',
          !says('grant_types_supported', 'authorization_code') && 'no authorization_code grant',
          !says('grant_types_supported', 'refresh_token') && 'no refresh_token grant',
          !says('token_endpoint_auth_methods_supported', 'none') && 'public clients are not served',
          document.authorization_response_iss_parameter_supported !== true &&
            'the iss parameter of RFC 9207 is not announced',
        ],
        'code with S256, refresh, public clients, iss parameter',
        'lambdas/oauth/metadata.ts writes it: what changes it on the way? a proxy, a CDN',
      )
    },
  },
  { id: 'issuer-keys', judge: keys },
  {
    id: 'issuer-cross-origin',
    judge: ({ metadata, keys, tokenPreflight }) =>
      unless(
        [
          !readable(metadata) && 'browser clients cannot read the metadata',
          !readable(keys) && 'browser clients cannot read the keys',
          (tokenPreflight.status >= 300 || !readable(tokenPreflight)) &&
            `browser clients may not call ${ENDPOINTS.token} (OPTIONS: ${tokenPreflight.status})`,
        ],
        'metadata, keys and token endpoint are open to browser clients',
        'lambdas/oauth/http/cors.ts',
      ),
  },
  {
    id: 'issuer-errors',
    judge: ({ tokenError, nowhere }) =>
      unless(
        [
          (![400, 401].includes(tokenError.status) || jsonOf(tokenError)?.error === undefined) &&
            `${ENDPOINTS.token} answers nonsense with ${described(tokenError)}, not with OAuth JSON`,
          nowhere.status !== 404 && `an unknown path gets ${described(nowhere)}, not 404`,
        ],
        'errors are OAuth JSON, an unknown path is 404',
        SEE_LOG,
      ),
  },
  {
    id: 'issuer-protection',
    judge: ({ metadata }) =>
      unless(missingProtection(metadata), 'nosniff, HSTS on https', 'lambdas/oauth/http/security-headers.ts'),
  },
  {
    id: 'issuer-health',
    judge: ({ health }) =>
      health.status === 200
        ? green('table, keys and identity provider answer')
        : red(
            `${described(health)}; down: ${list(jsonOf(health)?.down).join(', ') || 'not said'}`,
            'the log of the OAuth function says why (“dependency down”)',
          ),
  },
]

function identifier({ issuer, metadata }: IssuerEvidence) {
  const named = jsonOf(metadata)?.issuer
  const remedy =
    'ISSUER of the OAuth function and the output Issuer (lib/authorization-stack.ts) must be the origin, no slash'
  if (named === issuer) return green(`${issuer}, byte for byte`)
  if (named === `${issuer}/`) return red(`${named} ends with a slash: to a client that is another issuer`, remedy)
  return red(`found ${String(named)}, asked ${issuer}`, remedy)
}

/** Members of a private or symmetric key (RFC 7518 §6.2.2, §6.3.2, §6.4.1). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

function keys({ keys: exchange }: IssuerEvidence) {
  const set = jsonOf(exchange)?.keys
  const found = (Array.isArray(set) ? set : []) as Readonly<Record<string, unknown>>[]
  const leaked = found.some((key) => PRIVATE_MEMBERS.some((member) => member in key))
  if (leaked)
    return red('a key shows private members: it can be used by anybody', 'withdraw the key now: docs/security.md')
  const foreign = found.filter(({ kty, crv, alg, kid }) => kty !== 'EC' || crv !== 'P-256' || alg !== 'ES256' || !kid)
  return unless(
    [
      problem('the key set', notJson(exchange)),
      found.length === 0 && 'no key: tokens cannot be verified',
      foreign.length > 0 && `${foreign.length} of ${found.length} keys are not ES256 with a kid`,
    ],
    `${found.length} public ES256 key${found.length === 1 ? '' : 's'}, nothing private`,
    'the rotation function makes the keys: read its log',
  )
}

function readable({ headers }: Exchange): boolean {
  return headers.get('access-control-allow-origin') === '*'
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function problem(what: string, reason: string | undefined): string | undefined {
  return reason && `${what}: ${reason}`
}

function described({ status, failure }: Exchange): string {
  return status === 0 ? `no answer (${failure})` : String(status)
}
