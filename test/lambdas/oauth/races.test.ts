import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../../model/endpoints.ts'
import { cognitoPerson, type HttpRequest } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import {
  type Answer,
  authorizeUrl,
  Browser,
  codeForm,
  codeIn,
  consentForm,
  formRequest,
  LOOPBACK,
  obtainCode,
  obtainTokens,
  pkce,
  postToken,
  reachCallback,
  refreshForm,
  registration,
} from './journey.ts'

const PARALLEL = 50

const { factory, clientId } = await factoryOfFile()
/** A function has as many instances as requests at once; five are enough to share nothing in memory. */
const instances = Array.from({ length: 5 }, () => factory.anotherInstance())

/** The same request as often as it takes, by instances that know nothing of each other. */
const atOnce = (request: HttpRequest, count = PARALLEL): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => factory.send(request, instances[index % instances.length])))
const bodyOf = ({ body }: Answer) => JSON.parse(body ?? '') as Record<string, string>
const isRefreshed = async (refreshToken: string | undefined) =>
  (await postToken(factory, refreshForm(clientId, refreshToken ?? ''))).status === 200

describe(`${PARALLEL} at once, on instances that share nothing but the table`, () => {
  it('AS-12: one of them redeems a code, and its tokens keep working', async () => {
    const answers = await atOnce(formRequest(ENDPOINTS.token, codeForm(await obtainCode(factory, { clientId }))))
    const [won, ...others] = answers.filter(({ statusCode }) => statusCode === 200)
    expect(others).toEqual([])
    expect(answers.filter((answer) => bodyOf(answer).error === 'invalid_grant')).toHaveLength(PARALLEL - 1)
    expect(won && (await isRefreshed(bodyOf(won).refresh_token))).toBe(true)
    expect((await factory.table.items()).filter(({ pk }) => pk === 'DENY')).toEqual([])
  })

  it('AS-24: all refresh to the same successor, with access tokens of the same grant', async () => {
    const tokens = await obtainTokens(factory, { clientId })
    const answers = (await atOnce(formRequest(ENDPOINTS.token, refreshForm(clientId, tokens.refresh_token)))).map(
      bodyOf,
    )
    expect(new Set(answers.map(({ refresh_token }) => refresh_token)).size).toBe(1)
    const grants = new Set(answers.map(({ access_token = '' }) => decodeJwt(access_token).sid))
    expect([...grants]).toEqual([decodeJwt(tokens.access_token).sid])
    expect(await isRefreshed(answers[0]?.refresh_token)).toBe(true)
  })

  it('AS-20: every registration is a client of its own', async () => {
    const answers = await atOnce(registration({ token_endpoint_auth_method: 'client_secret_post' }))
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([201]))
    for (const name of ['client_id', 'client_secret', 'registration_access_token'])
      expect(new Set(answers.map((answer) => bodyOf(answer)[name])).size, name).toBe(PARALLEL)
    const clients = (await factory.table.items()).map(({ pk }) => pk)
    for (const answer of answers) expect(clients).toContain(`CLIENT#${bodyOf(answer).client_id}`)
  })

  it('AS-09: a callback gives one code, whoever of them gets it', async () => {
    const reached = await reachCallback(factory, { clientId })
    const answers = await atOnce(reached.browser.toGet(reached.callback))
    const redirected = answers.filter(({ statusCode }) => statusCode === 302)
    expect(answers.filter(({ statusCode }) => statusCode !== 302 && statusCode !== 400)).toEqual([])
    const codes = new Set(redirected.map(codeIn))
    expect(codes.size).toBe(1)
    const [code = ''] = codes
    expect((await postToken(factory, codeForm({ ...reached, code }))).status).toBe(200)
  })

  it('AS-12: a consent that a person gives again and again is one code', async () => {
    const { browser } = await obtainCode(factory, { clientId })
    const { verifier, challenge } = pkce()
    const page = await browser.get(authorizeUrl({ client_id: clientId, code_challenge: challenge }))
    const answers = await atOnce(browser.toPost(ENDPOINTS.consent, consentForm(page, 'allow')))
    const codes = new Set(answers.map(codeIn))
    expect(codes.size).toBe(1)
    const [code = ''] = codes
    const redeemed = codeForm({ clientId, code, verifier, redirectUri: LOOPBACK, browser })
    expect((await postToken(factory, redeemed)).status).toBe(200)
  })
})

describe('two tabs of one browser', () => {
  it('that ask at once are both answered, each with a code of its own', async () => {
    const browsers = Array.from({ length: PARALLEL / 2 }, () => new Browser(factory))
    const tabs = browsers.flatMap((browser) => [browser, browser])
    const codes = await Promise.all(tabs.map((browser) => obtainCode(factory, { clientId, browser })))
    expect(new Set(codes.map(({ code }) => code)).size).toBe(PARALLEL)
    const redeemed = await Promise.all(codes.map((code) => postToken(factory, codeForm(code))))
    expect(new Set(redeemed.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('that show one page: the one whose answer the browser kept goes on, the other is told to start again', async () => {
    const browser = new Browser(factory)
    const page = await browser.get(authorizeUrl({ client_id: clientId }))
    const post = () => browser.post(ENDPOINTS.consent, consentForm(page, 'allow'))
    const consented = await Promise.all([post(), post()])
    const callbacks: string[] = []
    for (const each of consented) callbacks.push(await browser.upstreamAnswer(each, cognitoPerson('alice@example.com')))
    const answers = await Promise.all(callbacks.map((callback) => browser.get(callback)))
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([302, 400])
  })
})

describe('what ends a grant leaves nothing alive, whenever it comes', () => {
  it('AS-23: revocation against refresh', async () => {
    const families = await Promise.all(Array.from({ length: PARALLEL / 2 }, () => obtainTokens(factory, { clientId })))
    const refreshed = families.map(({ refresh_token }) =>
      atOnce(formRequest(ENDPOINTS.token, refreshForm(clientId, refresh_token)), 3),
    )
    await Promise.all(
      families.map(({ refresh_token }, index) =>
        factory.send(
          formRequest(ENDPOINTS.revoke, { client_id: clientId, token: refresh_token }),
          instances[index % instances.length],
        ),
      ),
    )
    const successors = (await Promise.all(refreshed)).flat().map((answer) => bodyOf(answer).refresh_token)
    const alive = await Promise.all(
      [...families.map(({ refresh_token }) => refresh_token), ...successors].map(isRefreshed),
    )
    expect(alive.filter(Boolean)).toEqual([])
  })

  it('AS-12: the end of all access against codes that are being redeemed', async () => {
    const email = 'bob@example.com'
    const codes: Awaited<ReturnType<typeof obtainCode>>[] = []
    for (let count = 0; count < PARALLEL; count += 1) codes.push(await obtainCode(factory, { clientId, email }))
    const { browser } = await obtainCode(factory, { clientId, email })
    const [, csrf = ''] = /name="csrf" value="([^"]*)"/.exec((await browser.get(ENDPOINTS.account)).body ?? '') ?? []
    const redeemed = codes.map((code, index) =>
      factory.send(formRequest(ENDPOINTS.token, codeForm(code)), instances[index % instances.length]),
    )
    const ending = browser.post(ENDPOINTS.account, new URLSearchParams({ action: 'remove-all-access', csrf }))
    expect((await ending).statusCode).toBe(303)
    const tokens = (await Promise.all(redeemed)).map((answer) => bodyOf(answer).refresh_token)
    const late = await Promise.all(codes.map((code) => postToken(factory, codeForm(code))))
    expect(late.filter(({ status }) => status === 200)).toEqual([])
    expect((await Promise.all(tokens.map(isRefreshed))).filter(Boolean)).toEqual([])
  })
})
