import { ADMITTED_CHECKS } from './admitted-checks.ts'
import { backendFailure } from './backend-failure.ts'
import type { Discovered } from './discover.ts'
import { gatherIssuer, gatherServer, type ServerEvidence, type TokenSource } from './evidence.ts'
import { type Ask, jsonOf } from './exchange.ts'
import { FACTORY_CHECKS } from './factory-checks.ts'
import { amber, type Finding, judged } from './finding.ts'
import { ISSUER_CHECKS } from './issuer-checks.ts'
import { SERVER_CHECKS } from './server-checks.ts'

/** Looks at everything and judges it: the authorization server, each server, the whole. */
export async function examine(
  { issuer, servers, unexamined = 0 }: Discovered,
  ask: Ask,
  tokens: TokenSource,
): Promise<Finding[]> {
  const [issuerEvidence, ...serverEvidence] = await Promise.all([
    gatherIssuer(issuer, ask),
    ...servers.map((server) => gatherServer({ ...server, issuer }, ask, tokens)),
  ])
  return [
    ...judged(issuer, ISSUER_CHECKS, issuerEvidence),
    ...serverEvidence.flatMap((server) =>
      isPublic(server)
        ? [{ subject: server.resource, check: 'public', ...PUBLIC }, ...judged(server.resource, HEALTH, server)]
        : [...judged(server.resource, SERVER_CHECKS, server), ...admitted(server)],
    ),
    ...(unexamined > 0 ? [{ subject: issuer, check: 'servers', ...notAll(servers.length, unexamined) }] : []),
    ...judged(issuer, FACTORY_CHECKS, { issuer: issuerEvidence, servers: serverEvidence }),
  ]
}

function notAll(examined: number, unexamined: number) {
  return amber(
    `it lists ${examined + unexamined} servers, of which ${examined} were examined`,
    'give the URL of a server to have that one among them',
  )
}

const PUBLIC = amber('anybody may call it, without a token', 'nothing, if factory.config.ts says public: true of it')

const HEALTH = SERVER_CHECKS.filter(({ id }) => id === 'health')

/** Whatever the token, it serves, and no metadata says that one is needed. */
function isPublic({ badToken, metadata, insertedMetadata }: ServerEvidence): boolean {
  const documents = [metadata, insertedMetadata].map(jsonOf)
  const serves = badToken.status === 200 || badToken.status === 400 || backendFailure(badToken) !== undefined
  return serves && documents.every((document) => !document?.authorization_servers)
}

function admitted({ resource, admitted: evidence }: ServerEvidence): readonly Finding[] {
  if (!('unavailable' in evidence)) return judged(resource, ADMITTED_CHECKS, evidence)
  const unseen = amber('not checked: that takes a token', evidence.unavailable)
  return ADMITTED_CHECKS.map(({ id }) => ({ subject: resource, check: id, ...unseen }))
}
