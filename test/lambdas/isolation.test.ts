import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { declarationsOf } from '../../cli/declarations.ts'
import { authorizerHandler } from '../../lambdas/authorizer/authorize.ts'
import { makeGate } from '../../lambdas/authorizer/gate.ts'
import { makeSnapshot } from '../../lambdas/authorizer/snapshot.ts'
import { AbilityError } from '../../lambdas/runtime/ability-error.ts'
import type { Skillset } from '../../lambdas/runtime/define-skillset.ts'
import { serve } from '../../lambdas/runtime/serve.ts'
import config from '../../local/demo/sample.config.ts'
import type { AuthorizerContext } from '../../model/authorizer-context.ts'
import type { AccessRules } from '../../model/rules/access.ts'
import { type AbilityDeclaration, offeredBy, scopesOf, serverRegistration } from '../../model/skillset-declaration.ts'
import { CLAIMS, itemsOf, NOW, signToken } from './authorizer/fixtures.ts'
import { invoke } from './runtime/support/aws-lambda.ts'
import { KEY_ALONE } from './runtime/support/conversation.ts'
import { proxyEvent } from './runtime/support/gateway-event.ts'
import { library } from './runtime/support/library-skillset.ts'
import { answerOf, handshakeRequest, statelessRequest } from './runtime/support/mcp-message.ts'
import { ENVIRONMENT, keptLog, sampleSkillset } from './runtime/support/sample-skillset.ts'

/** What an ability, resource or prompt answers here: it was let through to its services. */
const REACHED = 'reached'

/** Every server of the sample config, a new one too; and two with privileged abilities, resources and prompts. */
const servers = [
  ...(await declarationsOf(config)),
  ...[sampleSkillset(() => ({ seen: [] })), library(() => ({ seen: [] }))].map((one) => ({ ...one, server: one.name })),
].map((declaration) => ({ ...declaration, resource: `https://mcp.example.com/${declaration.server}/mcp` }))
type Server = (typeof servers)[number]

/** A server behind its gate, as API Gateway connects the two. Everybody may use it; `privileged` says who may use all of it. */
function behindItsGate(
  server: Server,
  { privileged }: { privileged?: AccessRules } = { privileged: { people: [CLAIMS.email] } },
) {
  const clock = () => NOW * 1000
  const registration = serverRegistration(server, {
    name: server.server,
    resource: server.resource,
    access: {},
    privileged,
  })
  const snapshot = makeSnapshot(itemsOf({ server: JSON.stringify(registration) }), NOW)
  const source = { current: async () => snapshot, currentForUnknownKey: async () => snapshot }
  const identity = {
    issuer: CLAIMS.iss,
    audience: server.resource,
    metadataUrl: `https://mcp.example.com/${server.server}/.well-known/oauth-protected-resource`,
    serverName: server.server,
  }
  const gate = authorizerHandler(
    makeGate(identity, source, clock),
    () => undefined,
    () => undefined,
    server.server,
  )
  const reached = async () => {
    throw new AbilityError(REACHED, 'It was let through.', 'This is a test.')
  }
  const skillset = { ...(server as unknown as Skillset<unknown>), needs: [], services: reached }
  const handler = serve(skillset, { environment: ENVIRONMENT, ...keptLog(), conversation: KEY_ALONE })

  /** 401, 403 with or without a challenge, or what the server says: a stable code. */
  return async (token: string, { headers, message }: ReturnType<typeof statelessRequest>): Promise<string> => {
    const body = JSON.stringify(message)
    const event = proxyEvent({ headers: { ...headers, Authorization: `Bearer ${token}` }, body, authorizer: undefined })
    const judged = await gate({
      ...event,
      methodArn: 'arn:aws:execute-api:eu-west-1:1:api/v1/POST/mcp',
    } as unknown as APIGatewayRequestAuthorizerEvent).catch((error: Error) => error.message)
    if (typeof judged === 'string') return judged
    if (isDenied(judged)) return judged.context?.challenge ? `403 ${judged.context.challenge}` : '403'
    const authorizer = judged.context as unknown as AuthorizerContext
    const { messages } = await answerOf(await invoke(handler, proxyEvent({ headers, body, authorizer })))
    const { error, result } = messages[0]
    if (error) return error.data?.code ?? `${error.code}`
    return result.isError ? JSON.parse(result.content[0].text).error.code : 'ok'
  }
}

const isDenied = ({ policyDocument }: APIGatewayAuthorizerResult) => policyDocument.Statement[0]?.Effect === 'Deny'

const tokenFor = ({ resource }: Server, scopes: readonly string[]) =>
  signToken({ ...CLAIMS, aud: resource, scope: scopes.join(' ') })

/** How a request names what it is for; a template by a URI that fits it. */
function requestOf(server: Server, { name }: AbilityDeclaration) {
  if (server.abilities.some((one) => one.name === name)) return { method: 'tools/call', params: { name } }
  if (server.prompts?.some((one) => one.name === name)) return { method: 'prompts/get', params: { name } }
  return { method: 'resources/read', params: { uri: name.replaceAll(/\{\w+\}/g, '1') } }
}
const isTemplate = ({ name }: AbilityDeclaration) => name.includes('{')

const scopeNames = (server: Server) => scopesOf(server).map(({ name }) => name)

/** None, each, all but each, all. */
function scopeSets(server: Server): string[][] {
  const all = scopeNames(server)
  const sets = [[], all, ...all.map((one) => [one]), ...all.map((one) => all.filter((other) => other !== one))]
  return [...new Map(sets.map((set) => [set.join(' '), set])).values()]
}

it('RS-03: the token of each server opens that server and no other', async () => {
  expect(servers.length).toBeGreaterThan(3)
  for (const server of servers) {
    const call = behindItsGate(server)
    for (const issuedFor of servers) {
      const everything = servers.flatMap(scopeNames)
      const answer = await call(tokenFor(issuedFor, everything), handshakeRequest('tools/list') as never)
      expect(answer === 'Unauthorized', `a token for ${issuedFor.server} at ${server.server}: ${answer}`).toBe(
        issuedFor !== server,
      )
    }
  }
})

describe.each(servers.map((server) => [server.server, server] as const))('%s', (_name, server) => {
  const call = behindItsGate(server)
  const cases = scopeSets(server).flatMap((scopes) =>
    offeredBy(server).map((offered) => [offered.name, scopes.join(' ') || 'no scope', offered, scopes] as const),
  )

  it.each(cases)('%s with %s, named in the headers', async (_thing, _scopes, offered, scopes) => {
    const { method, params } = requestOf(server, offered)
    const answer = await call(tokenFor(server, scopes), statelessRequest(method, params))
    if (scopes.includes(offered.scope)) expect(answer).toBe(REACHED)
    // A URI that fits a template is not known to the gate; the runtime refuses it.
    else if (isTemplate(offered)) expect(answer).toBe('insufficient_scope')
    else expect(answer).toMatch(new RegExp(`^403 .*error="insufficient_scope", scope="[^"]*\\b${offered.scope}[ "]`))
  })

  it.each(cases)('%s with %s, named in the body', async (_thing, _scopes, offered, scopes) => {
    const { method, params } = requestOf(server, offered)
    const answer = await call(tokenFor(server, scopes), handshakeRequest(method, params) as never)
    expect(answer).toBe(scopes.includes(offered.scope) ? REACHED : 'insufficient_scope')
  })

  it.each(
    offeredBy(server).map((offered) => [offered.name, offered] as const),
  )('%s behind the name of something else in the headers', async (_thing, offered) => {
    const { method, params } = requestOf(server, offered)
    const { headers, message } = statelessRequest(method, params)
    const others = scopeNames(server).filter((scope) => scope !== offered.scope)
    for (const lie of [{ 'mcp-name': 'something_else' }, { 'mcp-method': 'tools/list' }, { 'mcp-name': '' }]) {
      const answer = await call(tokenFor(server, others), { headers: { ...headers, ...lie }, message })
      expect([REACHED, 'ok']).not.toContain(answer)
    }
  })

  const levels = new Map(scopesOf(server).map(({ name, level }) => [name, level]))
  const privileged = offeredBy(server).filter(({ scope }) => levels.get(scope) === 'privileged')
  it('hides what this person may never have, whatever the token says', async () => {
    const withoutPrivilege = behindItsGate(server, {})
    const token = tokenFor(server, scopeNames(server))
    for (const offered of privileged) {
      const { method, params } = requestOf(server, offered)
      const byHeader = await withoutPrivilege(token, statelessRequest(method, params))
      expect(byHeader, offered.name).toMatch(isTemplate(offered) ? /not_found/ : /^403$/)
      expect(await withoutPrivilege(token, handshakeRequest(method, params) as never)).toMatch(
        /^(unknown_|resource_not)/,
      )
    }
  })
})
