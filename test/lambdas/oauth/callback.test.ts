import { describe, expect, it } from 'vitest'
import { cognitoPerson, ISSUER } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import {
  type Answer,
  authorizeUrl,
  Browser,
  changeRedirectUris,
  codeForm,
  codeIn,
  consentForm,
  consentOf,
  location,
  postToken,
  reachCallback,
  register,
  signIn,
} from './journey.ts'

const { factory, clientId } = await factoryOfFile()

describe('AS-09: the way back', () => {
  async function arrived() {
    const { browser, consented } = await consentOf(factory, { client_id: clientId })
    return { browser, url: new URL(await browser.upstreamAnswer(consented, cognitoPerson('alice@example.com'))) }
  }
  const code = (answer: Answer) => location(answer).searchParams.get('code')

  it.each([
    ['no state', (url: URL) => url.searchParams.delete('state'), 'was not started here'],
    ['a foreign state', (url: URL) => url.searchParams.set('state', 'A'.repeat(43)), 'was not started here'],
    [
      'another state of the same flow',
      (url: URL) => url.searchParams.set('state', `${url.searchParams.get('state')}x`),
      'was not started here',
    ],
    ['the state twice', (url: URL) => url.searchParams.append('state', 'x'), 'was not started here'],
    ['no code', (url: URL) => url.searchParams.delete('code'), 'did not work'],
    ['a foreign code', (url: URL) => url.searchParams.set('code', 'A'.repeat(43)), 'did not work'],
    ['a foreign issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.test'), 'did not work'],
  ])('%s ends in a page', async (_case, spoil, words) => {
    const { browser, url } = await arrived()
    spoil(url)
    const answer = await browser.get(url.href)
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain(words)
    expect(answer.cookies).toBeUndefined()
  })

  it('for a client that has another redirect URI by now, or is gone', async () => {
    const client = await register(factory)
    const browser = new Browser(factory)
    const page = await browser.get(authorizeUrl({ client_id: client.client_id }))
    const consented = await browser.post('/consent', consentForm(page, 'allow'))
    const url = await browser.upstreamAnswer(consented, cognitoPerson('alice@example.com'))
    await changeRedirectUris(factory, client, ['https://elsewhere.test/'])
    const answer = await browser.get(url)
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('not known here any more')
  })

  it('in another browser it yields nothing, and still works where it belongs', async () => {
    const { browser, url } = await arrived()
    expect((await new Browser(factory).get(url.href)).statusCode).toBe(400)
    expect(code(await browser.get(url.href))).not.toBeNull()
  })

  it('a cookie of the consent stage is not enough', async () => {
    const { browser, url } = await arrived()
    const page = await browser.get(authorizeUrl({ client_id: clientId }))
    const fresh = consentForm(page, 'allow').get('flow') ?? ''
    browser.cookies.delete(`__Host-f.${url.searchParams.get('state')?.split('.')[0]}`)
    url.searchParams.set('state', `${fresh}.x`)
    expect((await browser.get(url.href)).statusCode).toBe(400)
  })

  it('reloaded, it gives the same code as long as that is unused, and then nothing', async () => {
    const { browser, url } = await arrived()
    const first = code(await browser.get(url.href))
    expect(code(await browser.get(url.href))).toBe(first)
    factory.pass(60)
    expect((await browser.get(url.href)).statusCode).toBe(400)
  })

  it('reloaded after its code was redeemed, it gives none', async () => {
    const { callback, ...reached } = await reachCallback(factory, { clientId })
    const redeemed = await postToken(
      factory,
      codeForm({ ...reached, code: codeIn(await reached.browser.get(callback)) }),
    )
    expect(redeemed.status).toBe(200)
    const reloaded = await reached.browser.get(callback)
    expect(reloaded.statusCode).toBe(400)
    expect(reloaded.headers).not.toHaveProperty('Location')
  })

  it('a state is spent by its first use, even where the provider would answer again', async () => {
    const { browser, consented } = await consentOf(factory, { client_id: clientId })
    const one = await browser.upstreamAnswer(consented, cognitoPerson('mallory@evil.test'))
    const two = await browser.upstreamAnswer(consented, cognitoPerson('alice@example.com'))
    expect((await browser.get(one)).statusCode).toBe(403)
    const replayed = await browser.get(two)
    expect(replayed.statusCode).toBe(400)
    expect(replayed.body).toContain('used already')
  })

  it('after ten minutes it is too late', async () => {
    const { browser, url } = await arrived()
    factory.pass(600)
    expect((await browser.get(url.href)).statusCode).toBe(400)
  })

  it('a person who cancels sends the client away with access_denied', async () => {
    factory.provider.fault = 'cancelled'
    const target = location(await signIn(factory, { client_id: clientId }, cognitoPerson('alice@example.com')))
    expect(Object.fromEntries(target.searchParams)).toMatchObject({
      error: 'access_denied',
      iss: ISSUER,
      state: 'client-state',
    })
  })
})

describe('the ID token', () => {
  it.each([
    'foreign-key',
    'wrong-nonce',
    'wrong-audience',
    'expired',
    'alg-none',
  ] as const)('%s: nobody is signed in', async (fault) => {
    factory.provider.fault = fault
    const answer = await signIn(factory, { client_id: clientId }, cognitoPerson('alice@example.com'))
    expect(answer.statusCode).toBe(400)
    expect(answer.cookies).toBeUndefined()
    expect(answer.headers).not.toHaveProperty('Location')
  })
})
