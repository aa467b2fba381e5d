import { describe, expect, it } from 'vitest'
import { parseAccessToken } from '../../../lambdas/authorizer/access-token.ts'
import { generateKeys } from '../../../lambdas/key-rotation/new-keys.ts'
import { publishedKeys } from '../../../lambdas/key-rotation/published-keys.ts'
import { rotate } from '../../../lambdas/key-rotation/rotate.ts'
import { KEY_PURPOSES, type KeyPurpose } from '../../../model/rotation-token.ts'
import { cognitoPerson, POLICY } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import {
  authorizeUrl,
  Browser,
  codeForm,
  consentForm,
  location,
  obtainCode,
  obtainTokens,
  postToken,
  refreshForm,
  register,
} from './journey.ts'

const { factory, clientId: registered } = await factoryOfFile()
let clientId = registered

/** As the rotation function does it. */
async function rotateKeys(compromised: readonly KeyPurpose[] = []): Promise<void> {
  const { lifetimes } = POLICY
  const next = rotate(factory.keys, factory.now(), lifetimes, await generateKeys(), compromised)
  const doc = JSON.stringify(publishedKeys(next, factory.keys, factory.now(), lifetimes))
  await factory.put({ pk: 'KEYS', sk: 'KEYS', doc })
  factory.keys = next
}

async function published(): Promise<string[]> {
  const { body = '' } = await factory.send({ path: '/.well-known/jwks.json' })
  return (JSON.parse(body) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
}

function kidOf(token: unknown): string {
  const parsed = parseAccessToken(String(token))
  if ('refused' in parsed) throw new Error(parsed.refused)
  return parsed.kid
}

async function beginSignIn() {
  const browser = new Browser(factory)
  const page = await browser.get(authorizeUrl({ client_id: clientId }))
  return { browser, consented: await browser.post('/consent', consentForm(page, 'allow')) }
}

describe('rotation', () => {
  it('a token signed just before it verifies until its end, whichever key signs then', async () => {
    const { access_token } = await obtainTokens(factory, { clientId })
    await rotateKeys()
    for (let minute = 0; minute < 10; minute++) {
      expect(await published()).toContain(kidOf(access_token))
      factory.pass(60)
    }
    const later = await obtainTokens(factory, { clientId })
    expect(kidOf(later.access_token)).not.toBe(kidOf(access_token))
    expect(await published()).toContain(kidOf(later.access_token))
  })

  it('two quick ones, and what was begun at any time before, during and after goes on', async () => {
    const tokens = await obtainTokens(factory, { clientId })
    const code = await obtainCode(factory, { clientId })
    const { browser, consented } = await beginSignIn()
    await rotateKeys()
    factory.pass(1)
    await rotateKeys()
    factory.pass(11)
    expect(await published()).toContain(kidOf(tokens.access_token))
    expect((await postToken(factory, codeForm(code))).status).toBe(200)
    expect(
      location(await browser.signInUpstream(consented, cognitoPerson('alice@example.com'))).searchParams.has('code'),
    ).toBe(true)
    let refreshToken = tokens.refresh_token
    for (const seconds of [0, 200, 200, (30 * 86_400) / 3, (30 * 86_400) / 3]) {
      factory.pass(seconds)
      const { status, body } = await postToken(factory, refreshForm(clientId, refreshToken))
      expect(status).toBe(200)
      expect(await published()).toContain(kidOf(body.access_token))
      refreshToken = String(body.refresh_token)
    }
  })

  it('an instance that has not read the new set opens what another sealed with it', async () => {
    clientId = (await register(factory)).client_id
    await obtainTokens(factory, { clientId })
    await rotateKeys(KEY_PURPOSES)
    const other = factory.anotherInstance()
    const browser = new Browser({ ...factory, send: (request) => factory.send(request, other) })
    const page = await browser.get(authorizeUrl({ client_id: clientId }))
    const here = new Browser(factory)
    for (const [name, value] of browser.cookies) here.cookies.set(name, value)
    const consented = await here.post('/consent', consentForm(page, 'allow'))
    expect(consented.body).toContain('On to sign-in')
  })
})

describe('compromised keys', () => {
  it('for signing: leave the public set, and grants go on with the new key', async () => {
    const tokens = await obtainTokens(factory, { clientId })
    await rotateKeys(['signing'])
    factory.pass(11)
    expect(await published()).toHaveLength(1)
    expect(await published()).not.toContain(kidOf(tokens.access_token))
    const { body } = await postToken(factory, refreshForm(clientId, tokens.refresh_token))
    expect(await published()).toEqual([kidOf(body.access_token)])
  })

  it('for sealing: sign-ins under way and codes end', async () => {
    const code = await obtainCode(factory, { clientId })
    const { browser, consented } = await beginSignIn()
    await rotateKeys(['sealing'])
    factory.pass(11)
    expect((await postToken(factory, codeForm(code))).body.error).toBe('invalid_grant')
    expect((await browser.signInUpstream(consented, cognitoPerson('alice@example.com'))).body).toContain(
      'was not started here',
    )
  })

  it('for refresh: every grant ends, and nobody is thereby taken for a thief', async () => {
    const tokens = await obtainTokens(factory, { clientId })
    await rotateKeys(['refresh'])
    factory.pass(11)
    expect((await postToken(factory, refreshForm(clientId, tokens.refresh_token))).body.error).toBe('invalid_grant')
    const again = await obtainTokens(factory, { clientId })
    expect((await postToken(factory, refreshForm(clientId, again.refresh_token))).status).toBe(200)
  })
})
