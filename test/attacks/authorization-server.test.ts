import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { RawOAuth, send } from '../support/oauth.ts'
import { expectNoSecretInLogs } from '../support/planted-secrets.ts'
import { describeAuthorizationAttacks } from './authorization.ts'
import { describeCallbackAttacks } from './callback.ts'
import { describeExpiry, SHORT_LIFETIMES } from './expiry.ts'
import { describeRegistrationAttacks } from './registration.ts'
import type { Target } from './target.ts'
import { describeTokenAttacks } from './token.ts'

let factory: TestFactory
let target: Target

beforeAll(async () => {
  factory = await startTestFactory({ config: { lifetimes: SHORT_LIFETIMES } })
  const oauth = new RawOAuth(factory.issuer)
  target = { factory, oauth, resource: factory.servers.productivity, client: await oauth.newClient() }
})
afterAll(() => factory?.remove())

describeRegistrationAttacks(() => target)
describeAuthorizationAttacks(() => target)
describeCallbackAttacks(() => target)
describeTokenAttacks(() => target)

it('unknown paths and methods answer 404 or 405, without the inside', async () => {
  for (const [path, method] of [
    ['/nothing', 'GET'],
    ['/authorize/more', 'GET'],
    ['/register', 'DELETE'],
    ['/.well-known/oauth-protected-resource/nobody/mcp', 'GET'],
  ] as const) {
    const answer = await send(factory.issuer + path, { method })
    expect([400, 404, 405], path).toContain(answer.status)
    expect(answer.text).not.toMatch(/\bat .+:\d+:\d+|node_modules/)
  }
})

describeExpiry(() => target)

it('no secret that passed through is in any log', async () => {
  await factory.stop()
  await expectNoSecretInLogs(factory.logsDirectory)
})
