import { Agent, request } from 'node:http'
import { type HeldCode, REDIRECT_URI, RESOURCE } from './token-server.ts'

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

export interface TokenAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** A client's tokens. */
export interface HeldTokens {
  readonly clientId: string
  readonly accessToken: string
  readonly refreshToken: string
}

/** Redeems a code. @throws Error where the answer is no pair of tokens */
export async function redeem(tokenUrl: URL, held: HeldCode): Promise<HeldTokens> {
  return tokens(held.clientId, await postToken(tokenUrl, codeForm(held)))
}

/** Exchanges a refresh token. @throws Error where the answer is no new pair of tokens */
export async function refresh(tokenUrl: URL, held: HeldTokens): Promise<HeldTokens> {
  const answer = tokens(held.clientId, await postToken(tokenUrl, refreshForm(held)))
  if (answer.refreshToken === held.refreshToken) throw new Error('the refresh token was not rotated')
  return answer
}

export function codeForm({ clientId, code, verifier }: HeldCode): Readonly<Record<string, string>> {
  return {
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    code_verifier: verifier,
    redirect_uri: REDIRECT_URI,
    resource: RESOURCE,
  }
}

export function refreshForm({ clientId, refreshToken }: HeldTokens): Readonly<Record<string, string>> {
  return { grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken, resource: RESOURCE }
}

function tokens(clientId: string, { status, body }: TokenAnswer): HeldTokens {
  const { access_token: accessToken, refresh_token: refreshToken } = body
  if (status !== 200 || typeof accessToken !== 'string' || typeof refreshToken !== 'string')
    throw new Error(`found ${status} ${JSON.stringify(body)}; expected tokens`)
  return { clientId, accessToken, refreshToken }
}

export function postToken(url: URL, form: Readonly<Record<string, string>>): Promise<TokenAnswer> {
  const body = new URLSearchParams(form).toString()
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
  }
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname } = url
    const sent = request({ hostname, port, path: pathname, method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('error', reject)
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) })
        } catch (error) {
          reject(error)
        }
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
