import { verify } from 'node:crypto'
import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda'
import { authorizerHandler } from '../../lambdas/authorizer/authorize.ts'
import { makeGate } from '../../lambdas/authorizer/gate.ts'
import { snapshotSource } from '../../lambdas/authorizer/snapshot-source.ts'
import { derSignature } from '../../lambdas/tokens/der-signature.ts'
import { CLAIMS, GATE, itemsOf, NOW, SIGNING, signToken } from '../../test/lambdas/authorizer/fixtures.ts'
import { processorTimes, tableOf } from './processor-time.ts'
import { verificationPeers } from './verification-peers.ts'

/** More than the gate remembers, in turns: each is forgotten before it comes again. */
const COLD_TOKENS = 2000

const ONE_VERIFICATION = 'node:crypto verify, ES256, DER'

/** What the authorizer takes of the processor for a call that it allows, from event to policy, beside what else verifies tokens. */
export async function benchGate(): Promise<void> {
  const clock = () => NOW * 1000
  const gate = makeGate(
    GATE,
    snapshotSource(async () => itemsOf(), clock),
    clock,
  )
  const handler = authorizerHandler(
    gate,
    () => undefined,
    () => undefined,
    GATE.serverName,
  )
  const tokens = Array.from({ length: COLD_TOKENS }, (_, index) => signToken({ ...CLAIMS, jti: `token-${index}` }))
  const warm = eventWith(signToken())
  await expectAllowed(handler(warm))
  const nextEvent = inTurn(tokens.map(eventWith))
  const nextSignature = inTurn(tokens.map(signatureOf))
  const { publicKey } = SIGNING
  tableOf(
    await processorTimes({
      [ONE_VERIFICATION]() {
        const { input, der } = nextSignature()
        return verify('sha256', input, publicKey, der)
      },
      'the same, ieee-p1363'() {
        const { input, joined } = nextSignature()
        return verify('sha256', input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, joined)
      },
      'the gate, warm token': () => handler(warm),
      'the gate, cold token': () => handler(nextEvent()),
      ...(await verificationPeers()),
    }),
    ONE_VERIFICATION,
    'An access token checked, in one process. The gate: all its rules, from event to policy. The others: the token alone',
  )
}

/** An event as API Gateway makes it of a call by a 2026-07-28 client. */
export function eventWith(token: string): APIGatewayRequestAuthorizerEvent {
  const headers = {
    Accept: 'application/json, text/event-stream',
    'Accept-Encoding': 'gzip, deflate',
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
    Host: 'mcp.example.com',
    'MCP-Protocol-Version': '2026-07-28',
    'Mcp-Method': 'tools/call',
    'Mcp-Name': 'check_service_health',
    'User-Agent': 'node',
    'X-Amzn-Trace-Id': 'Root=1-67891233-abcdef012345678912345678',
    'X-Forwarded-For': '192.0.2.1',
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
  }
  return {
    methodArn: 'arn:aws:execute-api:eu-central-1:123456789012:abcdef/v1/POST/mcp',
    httpMethod: 'POST',
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    requestContext: { requestId: 'bench' },
  } as unknown as APIGatewayRequestAuthorizerEvent
}

function signatureOf(token: string) {
  const at = token.lastIndexOf('.')
  const joined = Buffer.from(token.slice(at + 1), 'base64url')
  return { input: Buffer.from(token.slice(0, at)), joined, der: derSignature(joined) }
}

function inTurn<One>(all: readonly One[]): () => One {
  let next = 0
  return () => all[next++ % all.length] as One
}

/** A wrong answer is never fast. */
async function expectAllowed(answer: ReturnType<ReturnType<typeof authorizerHandler>>): Promise<void> {
  const { policyDocument } = await answer
  if (policyDocument.Statement[0]?.Effect !== 'Allow') throw new Error('the gate refuses the token of the bench')
}
