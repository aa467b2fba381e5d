import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scheduledEvent } from '../../local/event-bridge.ts'
import type { RunningFactory } from '../../local/factory.ts'
import type { Invocation } from '../../local/invocation.ts'
import { logFile } from '../../local/lambda.ts'
import { functionArn } from '../../local/resource-types.ts'
import type { Resource } from '../../local/stack.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { type Grant, grantsOf, withoutGrants } from '../support/grants.ts'
import { newAuthorizationRequest, newBrowser, receiveTokens } from '../support/journeys.ts'
import { LIST_TOOLS, postMessage, RawOAuth, send } from '../support/oauth.ts'

/**
 * Every statement of every role in the synthesized templates is taken away once; then a probe named here must fail.
 * A statement without a probe, or one whose loss nobody notices, fails: it would be a right that nothing needs.
 */

/** What somebody who uses the factory sees of a statement: true where it works. */
type Probe = (factory: TestFactory, grant: Grant) => Promise<boolean>

/** Probes of a running factory, by `Sid`. */
const PROBES: Readonly<Record<string, Probe>> = {
  // A function's log is written with its role, as CloudWatch Logs has it. A gate says only whom it refuses.
  WriteOwnLog: async (factory, grant) => {
    await postMessage(factory.servers[serverOf(grant.stack)], 'not-a-token', LIST_TOOLS)
    await runJob(factory, grant)
    return (await logOf(factory, grant)).length > 0
  },
  ReadFactoryTable: async ({ issuer }) =>
    (await send(`${issuer}/.well-known/oauth-protected-resource/productivity/mcp`)).status === 200,
  WriteOwnItems: async ({ issuer }) => (await new RawOAuth(issuer).register()).status === 201,
  ReadKeys: async ({ issuer, servers }) => {
    const oauth = new RawOAuth(issuer)
    const client = await oauth.newClient()
    return (await send((await newAuthorizationRequest(oauth, servers.productivity, { client })).url)).status === 200
  },
  ReadRules: async (factory, { stack }) => (await answerOf(factory, serverOf(stack))).status === 200,
  UseOwnTable: async (factory, grant) => {
    const run = await runJob(factory, grant)
    if (run) return run.kind === 'returned'
    const { status, text } = await answerOf(factory, serverOf(grant.stack))
    return status === 200 && !text.includes('"isError":true')
  },
  ReadConversationKey: async (factory, { stack }) =>
    (await answerOf(factory, serverOf(stack), INITIALIZE)).headers.has('mcp-session-id'),
  UseConversation: async (factory, { stack }) => (await answerOf(factory, serverOf(stack), CANCELLED)).status === 202,
}

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'probe', version: '1.0.0' } },
}
const CANCELLED = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }

/** Statements without which the factory does not even start. */
const NEEDED_TO_START: readonly string[] = [
  'Register',
  'PublishKeys',
  'RotateKeys',
  'AmazonAPIGatewayPushToCloudWatchLogs',
]

/** Secrets that a further ability may need: what is in them, and what it is good for, its own tests know. */
const OF_FURTHER_NEEDS = /^ReadSecret/

/** Taken away together: none of them is needed by the probe of another. */
const TOGETHER: readonly (readonly string[])[] = [
  ['WriteOwnLog', 'UseOwnTable'],
  ['ReadConversationKey', 'UseConversation'],
  ['ReadRules'],
  ['ReadFactoryTable'],
  ['WriteOwnItems'],
  ['ReadKeys'],
]

const ABILITIES = {
  productivity: ['create_event', { title: 'Probe', start: '2026-12-01T09:00:00Z', end: '2026-12-01T10:00:00Z' }],
  devops: ['check_service_health', {}],
} as const

type ServerName = keyof typeof ABILITIES

function serverOf(stack: string): ServerName {
  return stack.endsWith('devops') ? 'devops' : 'productivity'
}

/** The answer to somebody who has signed in for the server: to a message, or to the call of an ability. */
async function answerOf({ issuer, servers }: TestFactory, server: ServerName, message?: object) {
  const { accessToken } = await receiveTokens(issuer, servers[server], { browser: newBrowser() })
  const [name, input] = ABILITIES[server]
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: input } }
  return postMessage(servers[server], accessToken, message ?? call)
}

/** Runs the function that has the role, as EventBridge does, where it is a job's. */
async function runJob({ running }: TestFactory, grant: Grant): Promise<Invocation | undefined> {
  const { logicalId, physicalId } = ownerOf(running, grant)
  if (!logicalId.startsWith('Job')) return undefined
  return running.lambda.invoke(functionArn(physicalId), scheduledEvent('rule', new Date()))
}

async function logOf({ running, logsDirectory }: TestFactory, grant: Grant): Promise<string> {
  const { logicalId } = ownerOf(running, grant)
  return readFile(join(logsDirectory, logFile(grant.stack, logicalId)), 'utf8').catch(() => '')
}

/** The function that has the role. */
function ownerOf(running: RunningFactory, { stack, role }: Grant): Resource {
  const resources = running.stacks.find(({ name }) => name === stack)?.resources ?? []
  const roleName = resources.find(({ logicalId }) => logicalId === role)?.physicalId
  const owner = resources.find(
    ({ type, properties }) => type === 'AWS::Lambda::Function' && String(properties.Role).endsWith(`/${roleName}`),
  )
  if (owner === undefined) throw new Error(`no function has the role ${role}`)
  return owner
}

/** The grants of a factory that lacks those of some kinds, and whether the probe of each still succeeds. */
async function probeWithout(sids: readonly string[]): Promise<{ grant: Grant; works: boolean }[]> {
  const removed: Grant[] = []
  const factory = await startTestFactory({
    transformTemplate: (stack, template) => {
      removed.push(...grantsOf(stack, template).filter(({ sid }) => sids.includes(sid)))
      return withoutGrants(template, sids)
    },
  })
  try {
    return await probeAll(factory, removed)
  } finally {
    await factory.remove()
  }
}

async function probeAll(factory: TestFactory, grants: readonly Grant[]): Promise<{ grant: Grant; works: boolean }[]> {
  const results = []
  // The logs last: they are of what the other probes have done.
  const inOrder = grants.toSorted(
    (one, other) => Number(one.sid === 'WriteOwnLog') - Number(other.sid === 'WriteOwnLog'),
  )
  for (const grant of inOrder) {
    const probe = PROBES[grant.sid]
    if (probe === undefined) throw new Error(`no probe for ${grant.sid} of ${grant.role} in ${grant.stack}`)
    // A probe that cannot even begin has failed, too.
    results.push({ grant, works: await probe(factory, grant).catch(() => false) })
  }
  return results
}

const failing = (results: readonly { grant: Grant; works: boolean }[]) =>
  results.filter(({ works }) => !works).map(({ grant }) => grant)

describe('rights of the functions', () => {
  it('every statement has a probe here, and each succeeds with all statements in place', async () => {
    const grants: Grant[] = []
    const factory = await startTestFactory({
      transformTemplate: (stack, template) => {
        grants.push(...grantsOf(stack, template).filter(({ sid }) => !OF_FURTHER_NEEDS.test(sid)))
        return template
      },
    })
    try {
      expect(new Set(grants.map(({ sid }) => sid))).toEqual(new Set([...Object.keys(PROBES), ...NEEDED_TO_START]))
      const probed = grants.filter(({ sid }) => !NEEDED_TO_START.includes(sid))
      expect(failing(await probeAll(factory, probed))).toEqual([])
    } finally {
      await factory.remove()
    }
  })

  it.each(
    TOGETHER.map((sids) => [sids.join(', '), sids] as const),
  )('without %s a probe fails for each role that had it', async (_sids, sids) => {
    const results = await probeWithout(sids)
    expect(results.length).toBeGreaterThan(0)
    expect(results.filter(({ works }) => works).map(({ grant }) => grant)).toEqual([])
  })

  it.each(NEEDED_TO_START)('without %s the factory does not start', async (sid) => {
    await expect(
      startTestFactory({ transformTemplate: (_stack, template) => withoutGrants(template, [sid]) }),
    ).rejects.toThrow()
  })
})
