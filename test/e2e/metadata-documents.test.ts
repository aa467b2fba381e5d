import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Template } from '../../local/cloud-assembly.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { newAuthorizationRequest, receiveCode } from '../support/journeys.ts'
import { LIST_TOOLS, postMessage, RawOAuth, REDIRECT_URI, send } from '../support/oauth.ts'
import { type PublicHost, startPublicHost } from '../support/public-host.ts'

const HOST = 'client.example.com'
const PUBLIC_CLIENT = `https://${HOST}/public.json`
const SIGNING_CLIENT = `https://${HOST}/signing.json`
const ADDRESS = '93.184.216.34'

/**
 * The process of the OAuth function, not its code, is given a DNS answer and a certificate to trust: a public name leads
 * to a web server of this machine, and nothing else is out there.
 */
let factory: TestFactory
let host: PublicHost
let directory: string

beforeAll(async () => {
  host = await startPublicHost(HOST)
  directory = await mkdtemp(join(tmpdir(), 'public-host-'))
  const certificate = join(directory, 'certificate.pem')
  await writeFile(certificate, host.certificate)
  const internet = {
    names: { [HOST]: [ADDRESS], 'inside.example.com': ['169.254.169.254'], 'both.example.com': [ADDRESS, '10.0.0.1'] },
    hosts: { [ADDRESS]: host.port },
  }
  const preload = pathToFileURL(join(import.meta.dirname, '../support/pretended-internet.ts')).href
  factory = await startTestFactory({
    offline: false,
    transformTemplate: (_, template) =>
      withVariables(template, {
        NODE_OPTIONS: `--import ${preload}`,
        NODE_EXTRA_CA_CERTS: certificate,
        PRETENDED_INTERNET: JSON.stringify(internet),
      }),
  })
})
afterAll(async () => {
  await Promise.all([factory?.remove(), host?.close()])
  await rm(directory, { recursive: true, force: true })
})

/** Adds variables to the function that fetches documents. */
function withVariables(template: Template, variables: Readonly<Record<string, string>>): Template {
  const changed = structuredClone(template) as { Resources: Record<string, { Properties?: Record<string, unknown> }> }
  for (const { Properties } of Object.values(changed.Resources)) {
    const { Variables } = (Properties?.Environment ?? {}) as { Variables?: Record<string, unknown> }
    if (Variables && 'CLIENT_ID_METADATA_DOCUMENTS' in Variables) Object.assign(Variables, variables)
  }
  return changed as unknown as Template
}

const document = (client_id: string, more: Readonly<Record<string, unknown>> = {}) => ({
  client_id,
  client_name: 'Published client',
  redirect_uris: [REDIRECT_URI],
  ...more,
})

it('AS-10: a client that nobody registered signs a person in by its metadata document, and calls the server', async () => {
  host.serve({ '/public.json': document(PUBLIC_CLIENT) }, { 'Cache-Control': 'max-age=60' })
  const { productivity } = factory.servers
  const pages: string[] = []
  const received = await receiveCode(factory.issuer, productivity, {
    client: PUBLIC_CLIENT,
    sees: ({ html }) => pages.push(html),
  })
  expect(pages[0]).toContain(`<dt>Published by</dt><dd>${HOST}</dd>`)
  const { json: tokens } = await received.redeem()
  expect((await postMessage(productivity, String(tokens?.access_token), LIST_TOOLS)).status).toBe(200)
  const refreshed = await new RawOAuth(factory.issuer).token({
    grant_type: 'refresh_token',
    client_id: PUBLIC_CLIENT,
    refresh_token: String(tokens?.refresh_token),
  })
  expect(refreshed.status).toBe(200)
})

it('AS-11: one that publishes its keys proves itself by private_key_jwt, once per assertion', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one' }] }
  const jwks_uri = `https://${HOST}/jwks.json`
  const signing = document(SIGNING_CLIENT, { token_endpoint_auth_method: 'private_key_jwt', jwks_uri })
  host.serve({ '/signing.json': signing, '/jwks.json': keys })
  const received = await receiveCode(factory.issuer, factory.servers.productivity, { client: SIGNING_CLIENT })
  expect((await received.redeem()).json?.error).toBe('invalid_client')
  const assertion = await new SignJWT({ jti: 'one' })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer(SIGNING_CLIENT)
    .setSubject(SIGNING_CLIENT)
    .setAudience(factory.issuer)
    .setExpirationTime('1m')
    .sign(privateKey)
  const proof = {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  }
  const redeemed = await received.redeem(proof)
  expect(redeemed.status).toBe(200)
  const refreshed = await new RawOAuth(factory.issuer).token({
    grant_type: 'refresh_token',
    client_id: SIGNING_CLIENT,
    refresh_token: String(redeemed.json?.refresh_token),
    ...proof,
  })
  expect(refreshed.json?.error, 'replayed').toBe('invalid_client')
})

it('AS-10: is advertised', async () => {
  const { json } = await send(`${factory.issuer}/.well-known/oauth-authorization-server`)
  expect(json).toMatchObject({
    client_id_metadata_document_supported: true,
    token_endpoint_auth_methods_supported: expect.arrayContaining(['none', 'private_key_jwt']),
  })
})

it.each([
  ['https://inside.example.com/client.json', 400],
  ['https://both.example.com/client.json', 400],
  ['https://nowhere.example.com/client.json', 400],
  [`https://${HOST}/missing.json`, 400],
  [`https://${HOST}:8443/client.json`, 401],
  ['https://127.0.0.1/client.json', 401],
  ['https://2130706433/client.json', 401],
  ['https://[::ffff:127.0.0.1]/client.json', 401],
  ['https://localhost/client.json', 401],
  ['http://client.example.com/client.json', 401],
])('AS-10: %s is refused on a page', async (client, status) => {
  const { url } = await newAuthorizationRequest(new RawOAuth(factory.issuer), factory.servers.productivity, { client })
  const answer = await send(url)
  expect([answer.status, answer.headers.get('location')]).toEqual([status, null])
})
