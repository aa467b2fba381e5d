import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../../lambdas/tokens/secrets.ts'
import { DEVOPS, POLICY, PRODUCTIVITY } from '../factory-fixture.ts'
import { factoryOfFile } from '../factory-of-file.ts'
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
  refreshTarget,
} from '../journey.ts'

const SECRET = 'a-secret-of-256-random-bits'
const PORTAL = 'https://portal.example.com/callback'
const CLIENTS = {
  portal: { name: 'Portal', redirectUris: [PORTAL], secretHash: sha256(SECRET) },
  kiosk: {
    name: 'Kiosk',
    redirectUris: [PORTAL, 'http://127.0.0.1/callback'],
    scopes: ['calendar:read', 'health:read'],
  },
}

const { factory } = await factoryOfFile()
await factory.write({ policy: { ...POLICY, clients: CLIENTS } })

const basic = (client: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}`,
})
const authorize = (more: Readonly<Record<string, string>>) =>
  new Browser(factory).get(authorizeUrl({ client_id: 'portal', redirect_uri: PORTAL, ...more }))

describe('a client of factory.config.ts', () => {
  it('AS-11: authenticates with its secret, in the header or in the form', async () => {
    const obtain = () => obtainCode(factory, { clientId: 'portal', redirectUri: PORTAL })
    const redeemed = await postToken(factory, codeForm(await obtain()), basic('portal', SECRET))
    expect(redeemed.status).toBe(200)
    expect((await postToken(factory, codeForm(await obtain(), { client_secret: SECRET }))).status).toBe(200)
    const form = refreshForm('portal', String(redeemed.body.refresh_token))
    expect((await postToken(factory, form, basic('portal', SECRET))).status).toBe(200)
  })

  it('AS-11: without its secret, with another, or with the hash of it, it is not the client; nothing is consumed', async () => {
    const obtained = await obtainCode(factory, { clientId: 'portal', redirectUri: PORTAL })
    for (const more of [{}, { client_secret: 'x' }, { client_secret: CLIENTS.portal.secretHash }])
      expect((await postToken(factory, codeForm(obtained, more))).body.error).toBe('invalid_client')
    expect((await postToken(factory, codeForm(obtained, { client_secret: SECRET }))).status).toBe(200)
  })

  it('AS-09: the consent page says that the organisation registered it', async () => {
    const page = await authorize({})
    expect(page.body).toContain('Example has registered it.')
    expect(page.body).not.toContain('nobody has checked it')
    expect(page.body).not.toContain('Published by')
  })

  it('AS-04: errors and denials are redirected to it', async () => {
    const wrong = await authorize({ resource: 'https://elsewhere.example.com/mcp' })
    expect(location(wrong).origin).toBe('https://portal.example.com')
    expect(location(wrong).searchParams.get('error')).toBe('invalid_target')
    const browser = new Browser(factory)
    const page = await browser.get(authorizeUrl({ client_id: 'portal', redirect_uri: PORTAL }))
    const denied = await browser.post('/consent', consentForm(page, 'deny'))
    expect(new URL(refreshTarget(denied)).searchParams.get('error')).toBe('access_denied')
  })

  it('AS-06: is sent nowhere but where the config says', async () => {
    expect((await authorize({ redirect_uri: 'https://evil.test/callback' })).statusCode).toBe(400)
  })

  it('is given no more than the scopes that the config lists, and no server with none of them', async () => {
    const tokens = await obtainTokens(factory, { clientId: 'kiosk', redirectUri: PORTAL })
    expect(tokens.scope).toBe('calendar:read')
    const bob = { clientId: 'kiosk', redirectUri: PORTAL, email: 'bob@example.com', resource: DEVOPS.resource }
    const devops = await obtainTokens(factory, { ...bob, scope: 'health:read deploy:run', tick: 'deploy:run' })
    expect(devops.scope).toBe('health:read')
    await factory.write({ policy: { ...POLICY, clients: { kiosk: { ...CLIENTS.kiosk, scopes: ['health:read'] } } } })
    const page = await new Browser(factory).get(
      authorizeUrl({ client_id: 'kiosk', redirect_uri: PORTAL, resource: PRODUCTIVITY.resource }),
    )
    expect(location(page).searchParams.get('error')).toBe('invalid_target')
    const refreshed = await postToken(factory, refreshForm('kiosk', tokens.refresh_token))
    expect(refreshed.body.error, 'nor any longer').toBe('invalid_grant')
    await factory.write({ policy: { ...POLICY, clients: CLIENTS } })
  })

  it('taken out of the config, it is not known any more', async () => {
    const { refresh_token } = await obtainTokens(factory, { clientId: 'kiosk', redirectUri: PORTAL })
    await factory.write({ policy: POLICY })
    expect((await authorize({})).statusCode).toBe(401)
    expect((await postToken(factory, refreshForm('kiosk', refresh_token))).body.error).toBe('invalid_client')
    await factory.write({ policy: { ...POLICY, clients: CLIENTS } })
  })

  it('a name that every object has is no client', async () => {
    for (const client_id of ['constructor', 'toString', '__proto__'])
      expect((await authorize({ client_id })).statusCode).toBe(401)
  })

  it('cannot be read, deleted or registered by anybody', async () => {
    for (const method of ['GET', 'DELETE'])
      expect(
        (await factory.send({ method, path: '/register/portal', headers: { authorization: 'Bearer x' } })).statusCode,
      ).toBe(401)
  })
})
