import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ListedKey } from '../../cli/keys-list.ts'
import { factory as run } from '../cli/run-factory.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { newAuthorizationRequest, newBrowser, type ReceivedTokens, receiveTokens } from '../support/journeys.ts'
import { LIST_TOOLS, postMessage, RawOAuth, send } from '../support/oauth.ts'

/** Seconds in which the gates and the authorization server notice. */
const NOTICED = 10

let factory: TestFactory
beforeAll(async () => {
  factory = await startTestFactory()
})
afterAll(() => factory?.remove())

const keys = (...args: string[]) => run(['keys', ...args, '--local'], { environment: factory.environment })
const list = async () => JSON.parse((await keys('list', '--json')).stdout) as ListedKey[]
const call = async ({ accessToken }: Pick<ReceivedTokens, 'accessToken'>) =>
  (await postMessage(factory.servers.productivity, accessToken, LIST_TOOLS)).status

/** The consent page of a sign-in that has begun. */
async function beginSignIn() {
  const browser = newBrowser()
  const { url } = await newAuthorizationRequest(new RawOAuth(factory.issuer), factory.servers.productivity)
  return { browser, page: await browser.open(url) }
}

async function publicKeys(): Promise<string[]> {
  const { json } = await send(`${factory.issuer}/.well-known/jwks.json`)
  return (json?.keys as { kid: string }[]).map(({ kid }) => kid)
}

it('keys list: ids, purposes and times, and no key', async () => {
  const { stdout } = await keys('list')
  expect(stdout.split('\n')[0]).toMatch(/^PURPOSE +STATE +USED FROM +KEPT UNTIL +KEY ID$/)
  const listed = await list()
  expect(listed.map(({ purpose, state }) => [purpose, state])).toEqual([
    ['signing', 'in use'],
    ['sealing', 'in use'],
    ['refresh', 'in use'],
  ])
  expect(listed.flatMap((key) => Object.keys(key)).toSorted()).toEqual(
    ['from', 'kid', 'purpose', 'state'].flatMap((name) => [name, name, name]),
  )
  expect(await publicKeys()).toEqual([listed[0]?.kid])
})

describe('keys rotate', () => {
  it('twice in a row logs nobody out: access token, refresh token and a sign-in under way go on', async () => {
    const tokens = await receiveTokens(factory.issuer, factory.servers.productivity)
    const { browser, page } = await beginSignIn()
    for (let time = 0; time < 2; time++)
      expect(await keys('rotate')).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/^Rotated\./) })
    expect((await list()).map(({ purpose, state }) => `${purpose} ${state}`)).toEqual([
      'signing waiting',
      'signing in use',
      'sealing waiting',
      'sealing in use',
      'refresh waiting',
      'refresh in use',
    ])
    expect(await call(tokens)).toBe(200)
    expect((await tokens.refresh(tokens.refreshToken)).status).toBe(200)
    expect((await browser.press(page, 'Allow')).url.origin).toBe(factory.signInIssuer)
  })

  it('--compromised asks before, and does nothing where nobody can be asked', async () => {
    const before = await list()
    const { code, stderr } = await keys('rotate', '--compromised')
    expect(code).toBe(2)
    expect(stderr).toMatch(/everybody signs in again[\s\S]*Nothing was done: --yes/)
    expect(await list()).toEqual(before)
    expect((await keys('rotate', '--compromised', 'everything')).code).toBe(2)
  })

  it('--compromised signing: tokens issued until then die at the gates within 10 s, grants go on', async () => {
    const tokens = await receiveTokens(factory.issuer, factory.servers.productivity)
    expect(await call(tokens)).toBe(200)
    const before = await publicKeys()
    expect(await keys('rotate', '--compromised', 'signing', '--yes')).toMatchObject({ code: 0 })
    await noticed(() => call(tokens)).toBe(401)
    await noticed(publicKeys).toEqual([expect.not.stringMatching(before.join('|'))])
    // Another instance of the authorization server may sign with the old key for as long.
    let { refreshToken } = tokens
    await noticed(async () => {
      const { json } = await tokens.refresh(refreshToken)
      refreshToken = String(json?.refresh_token)
      return await call({ accessToken: String(json?.access_token) })
    }).toBe(200)
  })

  it('--compromised: grants and sign-ins under way end, and signing in again works', async () => {
    const tokens = await receiveTokens(factory.issuer, factory.servers.productivity)
    const { browser, page } = await beginSignIn()
    expect(await keys('rotate', '--compromised', '--yes')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/Removed, and new keys made: signing, sealing, refresh\.\n$/),
    })
    expect((await list()).map(({ state }) => state)).toEqual(['in use', 'in use', 'in use'])
    await setTimeout(NOTICED * 1000)
    expect((await browser.press(page, 'Allow')).heading).toBe('This page has expired')
    expect(await call(tokens)).toBe(401)
    expect((await tokens.refresh(tokens.refreshToken)).json).toMatchObject({ error: 'invalid_grant' })
    expect(await call(await receiveTokens(factory.issuer, factory.servers.productivity))).toBe(200)
  })
})

/** Asks until the answer is as it shall be; on a busy machine a call takes its time, too. */
function noticed<Result>(ask: () => Promise<Result>) {
  return expect.poll(ask, { timeout: (NOTICED + 2) * 1000, interval: 500 })
}
