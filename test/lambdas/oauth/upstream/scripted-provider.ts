import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { openUpstream, type Upstream, type UpstreamSettings } from '../../../../lambdas/oauth/upstream/upstream.ts'

export const CLIENT_ID = 'the client/with:signs'
const CLIENT_SECRET = 'a secret+with %signs:'
const REDIRECT_URI = 'https://mcp.example.com/callback'

const keys = await generateKeyPair('RS256')
const foreign = await generateKeyPair('RS256')

type Members = Readonly<Record<string, unknown>>
interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/** What a test changes about an OpenID provider that does everything right. Undefined members are left out. */
export interface Script {
  /** Below the origin. */
  readonly issuerPath?: string
  readonly metadata?: Members
  readonly claims?: Members
  readonly key?: 'foreign'
  readonly header?: Members
  readonly tokens?: Members
  readonly userinfo?: Members
  /** Answers of paths, instead of the right ones. */
  readonly answers?: Readonly<Record<string, Answer>>
}

export interface ScriptedProvider extends AsyncDisposable {
  readonly origin: string
  readonly issuer: string
  readonly upstream: Upstream
  /** Requests that arrived, the newest last. */
  readonly requests: {
    readonly path: string
    readonly headers: NodeJS.Dict<string | string[]>
    readonly form: URLSearchParams
  }[]
  /** Begins a sign-in and finishes it with the answer that the provider would send, changed as the test says. */
  signIn(options?: {
    readonly answer?: (answer: URLSearchParams) => void
    readonly needed?: readonly string[]
  }): Promise<Members>
}

/** An OpenID provider at a loopback address that follows a script, and the upstream that talks to it. */
export async function startScriptedProvider(
  script: Script = {},
  settings: Partial<UpstreamSettings> = {},
): Promise<ScriptedProvider> {
  const accessToken = randomUUID()
  const requests: ScriptedProvider['requests'] = []
  let nonce = ''

  const server = createServer(async (request, response) => {
    const path = request.url ?? '/'
    requests.push({ path, headers: request.headers, form: new URLSearchParams(await text(request)) })
    const { status, headers, body } = script.answers?.[path] ?? (await rightAnswer(path))
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer = `${origin}${script.issuerPath ?? ''}`

  async function rightAnswer(path: string): Promise<Answer> {
    switch (path) {
      case `${script.issuerPath ?? ''}/.well-known/openid-configuration`:
        return json({
          issuer,
          authorization_endpoint: `${origin}/authorize`,
          token_endpoint: `${origin}/token`,
          jwks_uri: `${origin}/jwks`,
          ...(script.userinfo && { userinfo_endpoint: `${origin}/userinfo` }),
          ...script.metadata,
        })
      case '/jwks':
        return json({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', use: 'sig' }] })
      case '/token':
        return json({ access_token: accessToken, token_type: 'Bearer', id_token: await idToken(), ...script.tokens })
      case '/userinfo':
        return requests.at(-1)?.headers.authorization === `Bearer ${accessToken}`
          ? json(script.userinfo ?? {})
          : { status: 401, body: '{}' }
      default:
        return { status: 404, body: '{}' }
    }
  }

  async function idToken(): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, sub: 'subject', aud: CLIENT_ID, iat: now, exp: now + 300, nonce, ...script.claims }
    return new SignJWT(JSON.parse(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'RS256', kid: 'one', ...script.header })
      .sign(script.key === 'foreign' ? foreign.privateKey : keys.privateKey)
  }

  const upstream = openUpstream({
    issuer,
    redirectUri: REDIRECT_URI,
    credentials: async () => ({ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }),
    now: () => Math.floor(Date.now() / 1000),
    ...settings,
  })
  return {
    origin,
    issuer,
    upstream,
    requests,
    async signIn({ answer: change, needed } = {}) {
      const attempt = await upstream.begin('flow', undefined)
      nonce = attempt.nonce
      const answer = new URLSearchParams({ code: 'code', state: attempt.state })
      change?.(answer)
      return upstream.finish(answer.toString(), attempt, needed)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function json(body: Members): Answer {
  return { status: 200, body: JSON.stringify(body) }
}
