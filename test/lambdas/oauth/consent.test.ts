import { beforeEach, describe, expect, it } from 'vitest'
import { cognitoPerson, DEVOPS, ISSUER } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import {
  type Answer,
  authorizeUrl,
  Browser,
  changeRedirectUris,
  codeForm,
  consentForm,
  KNOWN,
  LOOPBACK,
  location,
  obtainCode,
  pkce,
  postToken,
  refreshTarget,
  register,
} from './journey.ts'

const { factory, clientId } = await factoryOfFile({ redirect_uris: [LOOPBACK, KNOWN, 'https://unknown.test/callback'] })

let browser: Browser
let page: Answer
beforeEach(async () => {
  browser = new Browser(factory)
  page = await browser.get(authorizeUrl({ client_id: clientId }))
})

const answer = (decision: string, more: Readonly<Record<string, string>> = {}, from = browser) =>
  from.post('/consent', consentForm(page, decision, more))

describe('Allow', () => {
  it('AS-09: goes upstream by a page, never by a redirect; only then are state, nonce and verifier made', async () => {
    const consented = await answer('allow')
    expect(consented.statusCode).toBe(200)
    expect(consented.headers).not.toHaveProperty('Location')
    const upstream = new URL(refreshTarget(consented))
    expect(upstream.origin).toBe(factory.provider.issuer)
    expect(Object.fromEntries(upstream.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'cognito-client',
      redirect_uri: `${ISSUER}/callback`,
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      code_challenge: expect.any(String),
      state: expect.any(String),
      nonce: expect.any(String),
      prompt: 'select_account',
      identity_provider: 'Google',
    })
    expect(consented.body).toContain(`<a class="button primary" href="${factory.provider.issuer}`)
    expect(page.body).not.toContain(upstream.searchParams.get('state'))
  })

  it('passes a login hint on', async () => {
    page = await browser.get(authorizeUrl({ client_id: clientId, login_hint: 'alice@example.com' }))
    expect(new URL(refreshTarget(await answer('allow'))).searchParams.get('login_hint')).toBe('alice@example.com')
  })

  it('posted again, it leads to the same sign-in: what was approved stays what was approved', async () => {
    page = await browser.get(authorizeUrl({ client_id: clientId, resource: DEVOPS.resource }))
    const first = refreshTarget(await answer('allow'))
    const again = await answer('allow', { scope: 'deploy:run' })
    expect(refreshTarget(again)).toBe(first)
    const end = await browser.signInUpstream(again, cognitoPerson('bob@example.com'))
    expect(location(end).searchParams.has('code')).toBe(true)
  })
})

describe('Do not allow', () => {
  it('AS-04: is access_denied with iss and state, by a page, and goes on by itself where the host is known', async () => {
    const target = new URL(refreshTarget(await answer('deny')))
    expect(target.origin + target.pathname).toBe(LOOPBACK)
    expect(Object.fromEntries(target.searchParams)).toMatchObject({
      error: 'access_denied',
      iss: ISSUER,
      state: 'client-state',
    })
  })

  it('AS-04: elsewhere only by a click', async () => {
    page = await browser.get(authorizeUrl({ client_id: clientId, redirect_uri: 'https://unknown.test/callback' }))
    const denied = await answer('deny')
    expect(denied.statusCode).toBe(200)
    expect(denied.body).not.toContain('http-equiv')
    expect(denied.body).toContain('href="https://unknown.test/callback?error=access_denied&amp;')
  })

  it('is honoured also after Allow', async () => {
    await answer('allow')
    expect(refreshTarget(await answer('deny'))).toContain('error=access_denied')
  })

  it('AS-09: withdraws what was allowed before: a sign-in that ends later was not started here', async () => {
    const url = await browser.upstreamAnswer(await answer('allow'), cognitoPerson('alice@example.com'))
    await answer('deny')
    const late = await browser.get(url)
    expect([late.statusCode, late.body]).toEqual([400, expect.stringContaining('not started here')])
    expect((await answer('allow')).statusCode).toBe(400)
  })

  it('ends this flow alone', async () => {
    const other = await browser.get(authorizeUrl({ client_id: clientId }))
    await answer('deny')
    expect(refreshTarget(await browser.post('/consent', consentForm(other, 'allow')))).toContain('code_challenge')
  })
})

describe('AS-09: an answer that is not this browser’s to give', () => {
  const refused = async (given: Promise<Answer>, status: number) => {
    const { statusCode, body } = await given
    expect(statusCode).toBe(status)
    expect(body).not.toContain('http-equiv')
  }

  it('no CSRF token, or a foreign one', async () => {
    await refused(answer('allow', { csrf: '' }), 403)
    await refused(answer('allow', { csrf: 'A'.repeat(43) }), 403)
    const other = await browser.get(authorizeUrl({ client_id: clientId }))
    await refused(answer('allow', { csrf: consentForm(other, 'allow').get('csrf') ?? '' }), 403)
    await refused(answer('deny', { csrf: '' }), 403)
    expect((await answer('allow')).body).toContain('http-equiv')
  })

  it('another browser', async () => {
    await refused(answer('allow', {}, new Browser(factory)), 400)
  })

  it('the form of another site', async () => {
    for (const origin of ['https://evil.test', 'null'])
      await refused(browser.post('/consent', consentForm(page, 'allow'), { origin }), 403)
    await refused(browser.post('/consent', consentForm(page, 'allow'), { 'sec-fetch-site': 'cross-site' }), 403)
    const own = { origin: ISSUER, 'sec-fetch-site': 'same-origin' }
    expect((await browser.post('/consent', consentForm(page, 'allow'), own)).body).toContain('http-equiv')
  })

  it('a cookie under the name of another flow', async () => {
    const [[name = '', value = ''] = []] = [...browser.cookies]
    const other = consentForm(await browser.get(authorizeUrl({ client_id: clientId })), 'allow')
    browser.cookies.set(`__Host-f.${other.get('flow')}`, value)
    await refused(browser.post('/consent', other), 400)
    expect(name).toContain('__Host-f.')
  })

  it('too late', async () => {
    factory.pass(600)
    await refused(answer('allow'), 400)
  })

  it('incomplete or malformed', async () => {
    await refused(browser.post('/consent', new URLSearchParams()), 400)
    await refused(answer('maybe'), 400)
    const twice = consentForm(page, 'allow')
    twice.append('decision', 'deny')
    await refused(browser.post('/consent', twice), 400)
    await refused(browser.post('/consent', consentForm(page, 'allow'), { 'content-type': 'application/json' }), 415)
  })

  it('for a client that has another redirect URI by now', async () => {
    const client = await register(factory)
    page = await browser.get(authorizeUrl({ client_id: client.client_id }))
    await changeRedirectUris(factory, client, ['https://elsewhere.test/'])
    await refused(answer('allow'), 400)
  })

  it('for a client that was deleted meanwhile', async () => {
    const client = await register(factory)
    page = await browser.get(authorizeUrl({ client_id: client.client_id }))
    const headers = { authorization: `Bearer ${client.registration_access_token}` }
    await factory.send({ method: 'DELETE', path: `/register/${client.client_id}`, headers })
    await refused(answer('allow'), 400)
  })
})

describe('with a browser session', () => {
  beforeEach(async () => {
    browser = (await obtainCode(factory, { clientId })).browser
  })

  it('Allow gives the code at once, by a page', async () => {
    const { verifier, challenge } = pkce()
    page = await browser.get(authorizeUrl({ client_id: clientId, code_challenge: challenge }))
    const given = await answer('allow')
    const code = new URL(refreshTarget(given)).searchParams.get('code') ?? ''
    const { status } = await postToken(factory, codeForm({ clientId, code, verifier, redirectUri: LOOPBACK, browser }))
    expect(status).toBe(200)
  })

  it('posted again, the same code: one flow yields one', async () => {
    page = await browser.get(authorizeUrl({ client_id: clientId }))
    const [first, second, third] = await Promise.all([answer('allow'), answer('allow'), answer('allow')])
    expect(refreshTarget(second)).toBe(refreshTarget(first))
    expect(refreshTarget(third)).toBe(refreshTarget(first))
    factory.pass(60)
    expect((await answer('allow')).statusCode).toBe(400)
  })

  it('Use another account goes upstream', async () => {
    page = await browser.get(authorizeUrl({ client_id: clientId }))
    const end = await browser.signInUpstream(await answer('switch'), cognitoPerson('bob@example.com'))
    expect(location(end).searchParams.has('code')).toBe(true)
    expect((await browser.get(authorizeUrl({ client_id: clientId }))).body).toContain('bob@example.com')
  })

  it('answered in a different browser session, the page is shown again', async () => {
    page = await browser.get(authorizeUrl({ client_id: clientId }))
    const session = (await obtainCode(factory, { clientId, email: 'bob@example.com' })).browser.cookies.get(
      '__Host-session',
    )
    browser.cookies.set('__Host-session', session ?? '')
    const again = await answer('allow')
    expect(again.body).toContain('bob@example.com')
    expect(again.body).not.toContain('http-equiv')
    page = again
    expect(refreshTarget(await answer('allow'))).toContain('code=')
  })

  it('AS-12: a code that one person got from a page is not given to the next who answers it', async () => {
    page = await browser.get(authorizeUrl({ client_id: clientId }))
    expect(refreshTarget(await answer('allow'))).toContain('code=')
    const other = await obtainCode(factory, { clientId, email: 'bob@example.com' })
    browser.cookies.set('__Host-session', other.browser.cookies.get('__Host-session') ?? '')
    page = await answer('allow')
    expect(page.body).toContain('bob@example.com')
    const refused = await answer('allow')
    expect(refused.statusCode).toBe(400)
    expect(refused.body).not.toContain('code=')
  })

  it('a session that appeared or ended meanwhile is asked again', async () => {
    const session = browser.cookies.get('__Host-session') ?? ''
    page = await browser.get(authorizeUrl({ client_id: clientId }))
    browser.cookies.delete('__Host-session')
    const ended = await answer('allow')
    expect(ended.body).toContain('Allow and continue with Google')
    page = ended
    browser.cookies.set('__Host-session', session)
    expect((await answer('allow')).body).toContain('alice@example.com')
  })

  it('a stranger’s page is not answered for a person who signed in elsewhere meanwhile, but continues upstream where that person may not use the server', async () => {
    const tom = (await obtainCode(factory, { clientId, email: 'tom@partner.test' })).browser
    page = await tom.get(authorizeUrl({ client_id: clientId, resource: DEVOPS.resource }))
    const consented = await answer('allow', {}, tom)
    expect(refreshTarget(consented)).toContain(factory.provider.issuer)
  })

  it('of several servers only those that admit the person can be allowed', async () => {
    const tom = (await obtainCode(factory, { clientId, email: 'tom@partner.test' })).browser
    page = await tom.get(authorizeUrl({ client_id: clientId, resource: undefined }))
    expect(page.body).toContain('Productivity')
    expect(page.body).not.toContain('DevOps')
    expect((await answer('allow', { server: 'devops' }, tom)).statusCode).toBe(400)
    expect(refreshTarget(await answer('allow', {}, tom))).toContain('code=')
  })

  it.each([
    [{ resource: DEVOPS.resource }, 'deploy:run', 'health:read'],
    [{ scope: 'calendar:read' }, 'calendar:write', 'calendar:read'],
  ])('a scope that was not on the page is not granted: %o', async (parameters, posted, granted) => {
    const { verifier, challenge } = pkce()
    page = await browser.get(authorizeUrl({ client_id: clientId, code_challenge: challenge, ...parameters }))
    expect(page.body).not.toContain(posted)
    const code = new URL(refreshTarget(await answer('allow', { scope: posted }))).searchParams.get('code') ?? ''
    const { body } = await postToken(factory, codeForm({ clientId, code, verifier, redirectUri: LOOPBACK, browser }))
    expect(body.scope).toBe(granted)
  })
})
