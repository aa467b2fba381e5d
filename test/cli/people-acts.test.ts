import { beforeEach, describe, expect, it } from 'vitest'
import { blockPerson, listHoldings, revokePerson, unblockPerson } from '../../cli/people-acts.ts'
import type { Store } from '../../lambdas/store/store.ts'
import { cognitoPerson } from '../lambdas/oauth/factory-fixture.ts'
import { factoryOfFile } from '../lambdas/oauth/factory-of-file.ts'
import {
  authorizeUrl,
  Browser,
  codeForm,
  consentForm,
  KNOWN,
  obtainCode,
  obtainTokens,
  postToken,
  refreshForm,
} from '../lambdas/oauth/journey.ts'

/** Seconds after which every instance has heard of a deny entry. */
const HEARD = 10

const { factory, clientId: client } = await factoryOfFile({ client_name: 'Claude' })

let store: Store
let email: string
let people = 0
beforeEach(() => {
  store = factory.store()
  email = `person-${++people}@example.com`
})

const tokensOf = (options = {}) => obtainTokens(factory, { clientId: client, email, ...options })

async function isRefreshed(token: string): Promise<boolean> {
  return (await postToken(factory, refreshForm(client, token))).status === 200
}

/** Whether the browser is still somebody's. */
async function isSignedIn(browser: Browser): Promise<boolean> {
  return ((await browser.get('/account')).body ?? '').includes('Signed in as')
}

/** Signs in and says where it ended. */
async function signIn(browser = new Browser(factory)): Promise<number | undefined> {
  const page = await browser.get(authorizeUrl({ client_id: client }))
  const consented = await browser.post('/consent', consentForm(page, 'allow'))
  return (await browser.signInUpstream(consented, cognitoPerson(email))).statusCode
}

describe('grants', () => {
  it('lists what everybody with the address has', async () => {
    await tokensOf()
    expect(await listHoldings(store, email)).toMatchObject({
      blocked: false,
      grants: [{ clientName: 'Claude', server: 'productivity', scopes: ['calendar:read', 'calendar:write'] }],
      browserSessions: [{ signedInAt: factory.now() }],
    })
  })

  it('finds nobody, where nobody has signed in', async () => {
    expect(await listHoldings(store, email)).toEqual({ blocked: false, grants: [], browserSessions: [] })
  })
})

describe('revoke', () => {
  it('ends grants, browser sessions, remembered consents and codes that wait; signing in again works', async () => {
    const browser = new Browser(factory)
    const { refresh_token } = await tokensOf({ browser, redirectUri: KNOWN })
    const waiting = await obtainCode(factory, { clientId: client, email })
    expect(await revokePerson(store, email)).toEqual({ grants: 1, browserSessions: 2 })
    expect(await isSignedIn(browser)).toBe(false)
    expect(await isRefreshed(refresh_token)).toBe(false)
    expect((await postToken(factory, codeForm(waiting))).body.error).toBe('invalid_grant')
    factory.pass(HEARD)
    expect(await signIn(browser)).toBe(302)
    expect((await listHoldings(store, email)).browserSessions).toHaveLength(1)
  })

  it('also what is being issued in that moment: a code that is noted only afterwards', async () => {
    await tokensOf()
    const [sub = ''] = await store.people.withEmail(email)
    const late = await obtainCode(factory, { clientId: client, email })
    // As if the note of the grant had not been there yet.
    for (const { grantId } of (await store.people.index(sub)).grants) await store.people.forgetGrant(sub, grantId)
    await revokePerson(store, email)
    factory.pass(HEARD)
    expect((await postToken(factory, codeForm(late))).body.error).toBe('invalid_grant')
  })

  it('does not weaken a block', async () => {
    await tokensOf()
    await blockPerson(store, email)
    await revokePerson(store, email)
    factory.pass(30 * 86_400)
    expect(await signIn()).toBe(403)
  })
})

describe('block', () => {
  it('ends everything, and refuses sign-in, page and refresh until unblock, however long that takes', async () => {
    const browser = new Browser(factory)
    const { refresh_token } = await tokensOf({ browser })
    expect(await blockPerson(store, email)).toEqual({ blocked: true, grants: 1, browserSessions: 1 })
    expect((await listHoldings(store, email)).blocked).toBe(true)
    expect(await isRefreshed(refresh_token)).toBe(false)
    for (const later of [HEARD, 3600, 30 * 86_400]) {
      factory.pass(later)
      expect(await signIn(browser)).toBe(403)
    }
    expect(await unblockPerson(store, email)).toEqual({ blocked: false, wasBlocked: true })
    factory.pass(HEARD)
    expect(await signIn(browser)).toBe(302)
  })

  it('of somebody who has never signed in, in whatever case the address is written', async () => {
    await blockPerson(store, email)
    factory.pass(HEARD)
    const shouted = email.toUpperCase()
    email = shouted
    expect(await signIn()).toBe(403)
  })

  it('holds under another address, too: the person is known by more than that', async () => {
    await tokensOf()
    await blockPerson(store, email)
    factory.pass(HEARD)
    const browser = new Browser(factory)
    const page = await browser.get(authorizeUrl({ client_id: client }))
    const consented = await browser.post('/consent', consentForm(page, 'allow'))
    const renamed = { ...cognitoPerson(email), email: `renamed-${email}` }
    expect((await browser.signInUpstream(consented, renamed)).statusCode).toBe(403)
    expect((await unblockPerson(store, email)).wasBlocked).toBe(true)
  })

  it('while the person signs in: nothing that comes of it works, nor does any of it after unblock', async () => {
    await tokensOf()
    await blockPerson(store, email)
    // This instance heard that nobody is blocked, and believes it for ten seconds.
    const { refresh_token } = await tokensOf()
    factory.pass(HEARD)
    expect(await isRefreshed(refresh_token)).toBe(false)
    await unblockPerson(store, email)
    factory.pass(3600)
    expect(await isRefreshed(refresh_token)).toBe(false)
    expect(await listHoldings(store, email)).toMatchObject({ grants: [], browserSessions: [] })
  })

  it('unblock of somebody who is not blocked ends nothing', async () => {
    const { refresh_token } = await tokensOf()
    expect(await unblockPerson(store, email)).toEqual({ blocked: false, wasBlocked: false })
    expect(await isRefreshed(refresh_token)).toBe(true)
  })
})
