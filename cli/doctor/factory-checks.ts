import type { IssuerEvidence, ServerEvidence } from './evidence.ts'
import { amber, type Check, green } from './finding.ts'
import { isLoopback } from './trustworthy-url.ts'

export interface FactoryEvidence {
  readonly issuer: IssuerEvidence
  readonly servers: readonly ServerEvidence[]
}

/** What concerns all of it, and what only a person can see. */
export const FACTORY_CHECKS: readonly Check<FactoryEvidence>[] = [
  { id: 'hosts', judge: hosts },
  {
    id: 'identity-provider',
    judge: ({ issuer: { issuer } }) =>
      isLoopback(issuer)
        ? green('sample people: the stand-in says of each account who manages it')
        : amber(
            'whether Cognito passes on Google’s hd cannot be seen from outside',
            'sign in once with a company account. Refused, and the OAuth function logs sign_in.refused with rule ' +
              'domain_authority? Then set connection.internalApp: true (the Google app being Internal) or ' +
              "connection.via: 'direct'",
          ),
  },
]

/** An HTTP API and REST APIs answer on one custom domain (PLATFORM 6), each known by the request id it adds. */
function hosts({ issuer: { issuer, metadata }, servers }: FactoryEvidence) {
  const shared = servers.filter(({ resource }) => new URL(resource).origin === issuer)
  if (shared.length === 0) return green('each API answers at a host of its own')
  const missing = [
    ...(metadata.headers.has('apigw-requestid') ? [] : ['the authorization server’s HTTP API']),
    ...shared
      .filter(({ refused: { POST } }) => !POST.headers.has('x-amz-apigw-id'))
      .map(({ resource }) => `the REST API of ${resource}`),
  ]
  return missing.length === 0
    ? green('HTTP API and REST APIs answer at one host')
    : amber(
        `no request id of ${missing.join(', ')}`,
        'another API may answer there (lib/domain.ts has the mappings), or a proxy removes the header',
      )
}
