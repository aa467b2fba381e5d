import { createHash, randomBytes } from 'node:crypto'
import { ENDPOINTS } from '../../model/endpoints.ts'
import { plant } from './planted-secrets.ts'

/** A client's redirect URI in tests: loopback, and nobody listens there; the journey's browser stops at it. */
export const REDIRECT_URI = 'http://127.0.0.1:1/callback'

/** The `state` of the tests' clients: random, so that it can be looked for in logs. */
export const STATE = `state-${randomBytes(12).toString('base64url')}`
plant('state', STATE)

/** A PKCE pair (RFC 7636). */
export function pkcePair(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url')
  plant('code verifier', verifier)
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** An answer with its body read. `json` is undefined where the body is not JSON. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Readonly<Record<string, unknown>> | undefined
}

/** Sends one request, follows no redirect. */
export async function send(url: string | URL, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const text = await response.text()
  let json: Answer['json']
  try {
    json = JSON.parse(text)
  } catch {}
  return { status: response.status, headers: response.headers, text, json }
}

/** The requests that OAuth clients make at one authorization server, with nothing done for them: attacks need that. */
export class RawOAuth {
  readonly issuer: string

  constructor(issuer: string) {
    this.issuer = issuer
  }

  postForm(
    endpoint: string,
    fields: Readonly<Record<string, string>> | URLSearchParams,
    headers: Readonly<Record<string, string>> = {},
  ) {
    return send(this.issuer + endpoint, { method: 'POST', body: new URLSearchParams(fields), headers })
  }

  async register(metadata: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    const answer = await send(this.issuer + ENDPOINTS.register, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        client_name: 'Raw client',
        redirect_uris: [REDIRECT_URI],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        ...metadata,
      }),
    })
    plant('client secret', answer.json?.client_secret)
    plant('registration access token', answer.json?.registration_access_token)
    return answer
  }

  /** Registers and returns the client id. */
  async newClient(metadata: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { status, text, json } = await this.register(metadata)
    if (status !== 201) throw new Error(`registration answered ${status}: ${text}`)
    return String(json?.client_id)
  }

  authorizationUrl(parameters: Readonly<Record<string, string>> | URLSearchParams): URL {
    const url = new URL(this.issuer + ENDPOINTS.authorize)
    url.search = new URLSearchParams(parameters).toString()
    return url
  }

  token(
    fields: Readonly<Record<string, string>> | URLSearchParams,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return this.postForm(ENDPOINTS.token, fields, headers)
  }
}

/** Sends one JSON-RPC message of the 2025-11-25 revision to an MCP server. */
export function postMessage(
  server: string | URL,
  token: string | undefined,
  message: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return send(server, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2025-11-25',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  })
}

export const LIST_TOOLS = { jsonrpc: '2.0', id: 1, method: 'tools/list' } as const
