import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { openAudit } from '../../../lambdas/audit/audit.ts'
import { authorizerHandler } from '../../../lambdas/authorizer/authorize.ts'
import { makeGate } from '../../../lambdas/authorizer/gate.ts'
import type { TableItems } from '../../../lambdas/authorizer/snapshot.ts'
import { snapshotSource } from '../../../lambdas/authorizer/snapshot-source.ts'
import type { AccessRules } from '../../../model/rules/access.ts'
import { CLAIMS, GATE, itemsOf, NOW, POLICY, SERVER, signToken } from '../authorizer/fixtures.ts'
import { namesOf, recorder } from './recorded.ts'

const nobody: Required<AccessRules> = {
  blocked: [CLAIMS.email],
  domains: ['other.test'],
  tenants: ['other'],
  people: ['bob@example.com'],
  groups: ['nobody'],
  claims: [{ claim: 'department', equals: 'none' }],
}
const accessRules = Object.entries(nobody).flatMap(([rule, value]): [string, Partial<TableItems>][] => [
  [
    `organisation.${rule}`,
    {
      policy: JSON.stringify({
        ...POLICY,
        access: rule === 'domains' ? { domains: value } : { ...POLICY.access, [rule]: value },
      }),
    },
  ],
  [`server.${rule}`, { server: JSON.stringify({ ...SERVER, access: { [rule]: value } }) }],
])

const token = (claims: object = {}, header?: object) => signToken({ ...CLAIMS, ...claims }, header as never)
const named = (tool: string) => ({
  'MCP-Protocol-Version': ['2026-07-28'],
  'Mcp-Method': ['tools/call'],
  'Mcp-Name': [tool],
})

async function judge(headers: Record<string, string[]>, items: Partial<TableItems> = {}, audit = recorder()) {
  const clock = () => NOW * 1000
  const gate = makeGate(
    GATE,
    snapshotSource(async () => itemsOf(items), clock),
    clock,
  )
  const handler = authorizerHandler(gate, () => undefined, audit.audit, GATE.serverName)
  const event = {
    httpMethod: 'POST',
    methodArn: 'arn:aws:execute-api:eu-west-1:1:api/v1/POST/mcp',
    multiValueHeaders: headers,
    requestContext: { requestId: 'request-1' },
  } as unknown as APIGatewayRequestAuthorizerEvent
  const answer = await handler(event).catch((error: Error) => error.message)
  return { answer, events: audit.recorded() }
}
const bearer = (value: string) => ({ Authorization: [`Bearer ${value}`] })

describe('what a gate refuses is an event with the rule', () => {
  it.each<[string, Record<string, string[]>, Partial<TableItems>?]>([
    ['token', {}],
    ['key', bearer(token({}, { alg: 'ES256', typ: 'at+jwt', kid: 'unknown' }))],
    ['issuer', bearer(token({ iss: 'https://other.test' }))],
    ['audience', bearer(token({ aud: 'https://other.test/mcp' }))],
    ['issued_at', bearer(token({ iat: NOW + 60 }))],
    ['expired', bearer(token({ exp: NOW }))],
    ['denied', bearer(token()), { denyEntries: [{ kind: 'grant', value: CLAIMS.sid }] as never }],
    ['tenant', bearer(token({ tenant: 'partner' }))],
    ['ceiling', { ...bearer(token()), ...named('deploy') }],
    ['scope', { ...bearer(token()), ...named('read_logs') }],
    ...accessRules.map(([rule, items]): [string, Record<string, string[]>, Partial<TableItems>] => [
      rule,
      bearer(token()),
      items,
    ]),
  ])('%s', async (rule, headers, items) => {
    const { events } = await judge(headers, items)
    expect(namesOf(events)).toEqual(['access.refused'])
    expect(events[0]).toMatchObject({ rule, server: 'devops', requestId: 'request-1', method: 'POST' })
    if (!['token', 'key'].includes(rule))
      expect(events[0]).toMatchObject({
        sub: CLAIMS.sub,
        email: CLAIMS.email,
        client: CLAIMS.client_id,
        grant: CLAIMS.sid,
      })
  })

  it('what it allows is none: the server tells what came of it', async () => {
    expect((await judge(bearer(token()))).events).toEqual([])
  })

  it('refuses all the same where nothing can be written', async () => {
    const failing = openAudit(
      () => {
        throw new Error('broken')
      },
      Date.now,
      () => ({ service: undefined, trace: undefined }),
    )
    expect((await judge({}, {}, { ...recorder(), audit: failing })).answer).toBe('Unauthorized')
  })
})
