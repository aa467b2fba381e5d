import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FactoryFixture, startFactory } from '../factory-fixture.ts'
import {
  type Answer,
  authorizeUrl,
  Browser,
  codeForm,
  formRequest,
  KNOWN,
  LOOPBACK,
  obtainCode,
  obtainTokens,
  postToken,
  refreshForm,
} from '../journey.ts'
import { CLIENT, HOST, metadataDocument, type Publisher, startPublisher } from './published-clients.ts'

let factory: FactoryFixture
let publisher: Publisher

beforeAll(async () => {
  publisher = await startPublisher()
})
afterAll(() => publisher.close())
beforeEach(async () => {
  factory = await startFactory({ environment: { metadataDocuments: true } })
  publisher.fetched()
  publisher.internet.names[HOST] = ['93.184.216.34']
  publisher.publish(metadataDocument())
})
afterEach(() => factory.close())

const authorize = (client_id: string = CLIENT, more: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  new Browser(factory).get(authorizeUrl({ client_id, ...more }))

describe('AS-10: a client known by its metadata document', () => {
  it('gets tokens and refreshes them, and is fetched once', async () => {
    const { clientId, refresh_token } = await obtainTokens(factory, { clientId: CLIENT })
    const refreshed = await postToken(factory, refreshForm(clientId, refresh_token))
    expect(refreshed.status).toBe(200)
    expect(publisher.fetched()).toEqual(['/client.json'])
  })

  it('AS-09: the consent page names the host that publishes it', async () => {
    const page = await authorize()
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain(`<dt>Published by</dt><dd>${HOST}</dd>`)
    expect(page.body).toContain('Published client')
  })

  it('its logo is neither fetched nor shown', async () => {
    publisher.publish(metadataDocument({ logo_uri: `https://${HOST}/logo.png`, client_uri: `https://${HOST}/home` }))
    const page = await authorize()
    expect(page.body).not.toMatch(/logo|<img/)
    expect(publisher.fetched()).toEqual(['/client.json'])
  })

  it('AS-06: is sent nowhere but where its document says; a loopback port is free', async () => {
    expect((await authorize(CLIENT, { redirect_uri: 'https://evil.test/callback' })).statusCode).toBe(400)
    expect((await authorize(CLIENT, { redirect_uri: LOOPBACK.replace('4321', '55555') })).statusCode).toBe(200)
  })

  it('a changed document is another consent: what was remembered does not count', async () => {
    const browser = new Browser(factory)
    await obtainCode(factory, { clientId: CLIENT, redirectUri: KNOWN, browser })
    const again = () => browser.get(authorizeUrl({ client_id: CLIENT, redirect_uri: KNOWN }))
    expect((await again()).statusCode, 'remembered').toBe(302)
    publisher.publish(metadataDocument({ client_name: 'Another name' }))
    factory.pass(600)
    expect((await again()).statusCode).toBe(200)
  })

  it('grants that are not served are ignored, not refused', async () => {
    const grant_types = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:jwt-bearer']
    publisher.publish(metadataDocument({ grant_types }))
    expect((await authorize()).statusCode).toBe(200)
  })
})

describe('AS-10: documents that are not taken', () => {
  it.each([
    ['another client_id', { client_id: 'https://client.example.com/other.json' }],
    ['a client_id that only means the same', { client_id: 'https://CLIENT.example.com/client.json' }],
    ['no client_id', { client_id: undefined }],
    ['no redirect URIs', { redirect_uris: undefined }],
    ['a redirect URI of a forbidden kind', { redirect_uris: ['javascript:alert(1)'] }],
    ['a redirect URI that leads to us', { redirect_uris: ['https://mcp.example.com/callback'] }],
    ['client_secret_basic', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['client_secret_post', { token_endpoint_auth_method: 'client_secret_post' }],
    ['client_secret_jwt', { token_endpoint_auth_method: 'client_secret_jwt' }],
    ['an authentication method that is not known', { token_endpoint_auth_method: 'tls_client_auth' }],
    ['a secret', { client_secret: 'public' }],
    ['the end of a secret', { client_secret_expires_at: 0 }],
    ['private_key_jwt without keys', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['a name that is no text', { client_name: 1 }],
    ['the implicit grant alone', { grant_types: ['implicit'] }],
  ])('%s', async (_what, change) => {
    publisher.publish(metadataDocument(change))
    const page = await authorize()
    expect([page.statusCode, page.headers?.Location]).toEqual([400, undefined])
    expect(page.body).toContain('The application cannot be identified')
    expect(page.body).toContain(HOST)
  })

  it.each([[[metadataDocument()]], ['text'], [null], [1]])('no object: %j', async (document) => {
    publisher.publish(document)
    expect((await authorize()).statusCode).toBe(400)
  })

  it.each([
    ['a redirect', 302],
    ['an error', 500],
    ['nothing there', 404],
  ])('%s', async (_what, status) => {
    publisher.host.answer = (_, response) =>
      response
        .writeHead(status, { 'Content-Type': 'application/json', Location: '/elsewhere' })
        .end(JSON.stringify(metadataDocument()))
    expect((await authorize()).statusCode).toBe(400)
  })

  it('neither errors nor invalid documents are remembered', async () => {
    publisher.publish(metadataDocument({ client_id: 'x' }))
    expect((await authorize()).statusCode).toBe(400)
    publisher.host.answer = (_, response) => response.writeHead(500).end()
    expect((await authorize()).statusCode).toBe(400)
    publisher.publish(metadataDocument())
    expect((await authorize()).statusCode).toBe(200)
    expect(publisher.fetched()).toHaveLength(3)
  })

  it('a host that leads inside is not connected to', async () => {
    publisher.internet.names[HOST] = ['169.254.169.254']
    expect((await authorize()).statusCode).toBe(400)
    expect(publisher.fetched()).toEqual([])
  })

  it.each([
    'http://client.example.com/client.json',
    'https://client.example.com/',
    'https://client.example.com:8443/client.json',
    'https://user@client.example.com/client.json',
    'https://client.example.com/a/../client.json',
    'https://client.example.com/client.json#x',
    'https://127.0.0.1/client.json',
    'https://[::1]/client.json',
    'https://2130706433/client.json',
  ])('%s is no client id at all', async (clientId) => {
    expect((await authorize(clientId)).statusCode).toBe(401)
    expect(publisher.fetched()).toEqual([])
  })
})

describe('AS-10: at the token endpoint', () => {
  it('a document that cannot be read does not end a grant: 503, and then it goes on', async () => {
    const { clientId, refresh_token } = await obtainTokens(factory, { clientId: CLIENT })
    factory.pass(600)
    publisher.host.answer = (_, response) => response.writeHead(500).end()
    const failed = await postToken(factory, refreshForm(clientId, refresh_token))
    expect([failed.status, failed.body.error]).toEqual([503, 'temporarily_unavailable'])
    expect(failed.answer.headers?.['Retry-After']).toBeDefined()
    publisher.publish(metadataDocument())
    expect((await postToken(factory, refreshForm(clientId, refresh_token))).status).toBe(200)
  })

  it('a client that gives up refreshing refreshes no more', async () => {
    const { clientId, refresh_token } = await obtainTokens(factory, { clientId: CLIENT })
    publisher.publish(metadataDocument({ grant_types: ['authorization_code'] }))
    factory.pass(600)
    const { status, body } = await postToken(factory, refreshForm(clientId, refresh_token))
    expect([status, body.error]).toEqual([400, 'unauthorized_client'])
  })

  it('a failing document costs no code', async () => {
    const obtained = await obtainCode(factory, { clientId: CLIENT })
    // It has read nothing yet.
    const another = factory.anotherInstance()
    const redeem = async () => (await factory.send(formRequest('/token', codeForm(obtained)), another)).statusCode
    publisher.publish('no document')
    expect(await redeem()).toBe(503)
    publisher.publish(metadataDocument())
    expect(await redeem()).toBe(200)
  })

  it('nobody without a code or token of that client makes us fetch', async () => {
    const { refresh_token } = await obtainTokens(factory)
    publisher.fetched()
    for (const form of [
      { grant_type: 'authorization_code', client_id: CLIENT, code: 'x' },
      refreshForm(CLIENT, 'x'),
      refreshForm(CLIENT, refresh_token),
    ])
      expect((await postToken(factory, form)).body.error).toBe('invalid_grant')
    expect(publisher.fetched()).toEqual([])
  })

  it('a public client that sends a secret is not it', async () => {
    const obtained = await obtainCode(factory, { clientId: CLIENT })
    expect((await postToken(factory, codeForm(obtained, { client_secret: 'x' }))).body.error).toBe('invalid_client')
    expect((await postToken(factory, codeForm(obtained))).status).toBe(200)
  })
})

describe('AS-10: where the function may not leave the machine', () => {
  it('metadata documents are neither advertised nor fetched', async () => {
    const offline = await startFactory()
    try {
      const metadata = async (of: FactoryFixture) =>
        JSON.parse((await of.send({ path: '/.well-known/oauth-authorization-server' })).body ?? '')
      expect(await metadata(factory)).toMatchObject({ client_id_metadata_document_supported: true })
      expect(await metadata(offline)).not.toHaveProperty('client_id_metadata_document_supported')
      expect((await new Browser(offline).get(authorizeUrl({ client_id: CLIENT }))).statusCode).toBe(401)
      expect(publisher.fetched()).toEqual([])
    } finally {
      await offline.close()
    }
  })
})

describe('clients whose documents ship', () => {
  it.each([
    ['https://claude.ai/oauth/claude-code-client-metadata', 'Claude Code', 'http://localhost:55123/callback'],
    ['https://claude.ai/oauth/mcp-oauth-client-metadata', 'Claude', 'https://claude.ai/api/mcp/auth_callback'],
    ['https://chatgpt.com/oauth/codex/client.json', 'Codex', 'http://127.0.0.1:55123/callback'],
    ['https://chatgpt.com/oauth/client.json', 'ChatGPT', 'https://chatgpt.com/connector_platform_oauth_redirect'],
    ['https://vscode.dev/oauth/client-metadata.json', 'Visual Studio Code', 'http://127.0.0.1:55123/'],
    ['https://vscode.dev/oauth/client-metadata.json', 'Visual Studio Code', 'https://vscode.dev/redirect'],
  ])('CL-01: %s (%s) is known without a request, with %s', async (clientId, name, redirect_uri) => {
    publisher.internet.lookups.length = 0
    const page = await authorize(clientId, { redirect_uri })
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain(name)
    expect(page.body).toContain(`<dt>Published by</dt><dd>${new URL(clientId).hostname}</dd>`)
    expect(publisher.internet.lookups).toEqual([])
  })

  it('CL-01: Claude Code gets tokens', async () => {
    const clientId = 'https://claude.ai/oauth/claude-code-client-metadata'
    const redirectUri = 'http://localhost:55123/callback'
    const { refresh_token } = await obtainTokens(factory, { clientId, redirectUri })
    expect((await postToken(factory, refreshForm(clientId, refresh_token))).status).toBe(200)
  })
})
