import { describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../model/endpoints.ts'
import { isOAuthError } from '../support/expectations.ts'
import { receiveCode, receiveTokens } from '../support/journeys.ts'
import { LIST_TOOLS, pkcePair, postMessage, REDIRECT_URI, send } from '../support/oauth.ts'
import type { Target } from './target.ts'

const HUGE = 'x'.repeat(11 * 1024 * 1024)

export function describeTokenAttacks(target: () => Target): void {
  describe('redeeming a code', () => {
    it.each([
      ['another verifier', () => ({ code_verifier: pkcePair().verifier }), 'invalid_grant'],
      ['no verifier', () => ({ code_verifier: '' }), undefined],
      ['another redirect URI', () => ({ redirect_uri: 'http://127.0.0.1:2/other' }), 'invalid_grant'],
      ['another client', async () => ({ client_id: await target().oauth.newClient() }), 'invalid_grant'],
      ['AS-08: another server', () => ({ resource: target().factory.servers.devops }), 'invalid_target'],
      ['AS-08: an unknown server', () => ({ resource: 'https://evil.test/mcp' }), 'invalid_target'],
    ] as const)('AS-12: with %s fails, and the right one still works', async (_case, change, error) => {
      const received = await receiveCode(target().factory.issuer, target().resource, { client: target().client })
      const refused = await received.redeem((await change()) as Record<string, string>)
      isOAuthError(refused, 400, error ?? String(refused.json?.error))
      expect((await received.redeem()).status).toBe(200)
    })

    it('AS-12: at once a second time fails, and the first tokens keep working', async () => {
      const received = await receiveTokens(target().factory.issuer, target().resource, { client: target().client })
      isOAuthError(await received.redeem(), 400, 'invalid_grant')
      expect((await postMessage(target().resource, received.accessToken, LIST_TOOLS)).status).toBe(200)
      expect((await received.refresh(received.refreshToken)).status).toBe(200)
    })

    it('AS-12: in parallel, one wins and its tokens keep working', async () => {
      const received = await receiveCode(target().factory.issuer, target().resource, { client: target().client })
      const answers = await Promise.all(Array.from({ length: 12 }, () => received.redeem()))
      const won = answers.filter(({ status }) => status === 200)
      expect(won).toHaveLength(1)
      for (const lost of answers.filter(({ status }) => status !== 200)) isOAuthError(lost, 400, 'invalid_grant')
      expect((await postMessage(target().resource, String(won[0]?.json?.access_token), LIST_TOOLS)).status).toBe(200)
    })
  })

  describe('refreshing', () => {
    it('a changed, cut or foreign refresh token fails and touches nothing', async () => {
      const { refreshToken, refresh } = await receiveTokens(target().factory.issuer, target().resource, {
        client: target().client,
      })
      const flipped = refreshToken.slice(0, -2) + (refreshToken.endsWith('AA') ? 'BB' : 'AA')
      for (const token of [flipped, refreshToken.slice(0, -5), 'a.b.c.d', '', 'x'.repeat(5_000)]) {
        const answer = await refresh(token)
        isOAuthError(answer, 400, token === '' ? String(answer.json?.error) : 'invalid_grant')
      }
      isOAuthError(await refresh(refreshToken, { client_id: await target().oauth.newClient() }), 400, 'invalid_grant')
      isOAuthError(await refresh(refreshToken, { resource: target().factory.servers.devops }), 400, 'invalid_target')
      expect((await refresh(refreshToken)).status).toBe(200)
    })

    it('AS-24: repeated within the grace window gives the same successor; an older one nothing', async () => {
      const { refreshToken, refresh } = await receiveTokens(target().factory.issuer, target().resource, {
        client: target().client,
      })
      const first = await refresh(refreshToken)
      const repeated = await refresh(refreshToken)
      expect(first.json?.refresh_token).toBeTruthy()
      expect(repeated.json?.refresh_token).toBe(first.json?.refresh_token)
      const second = await refresh(String(first.json?.refresh_token))
      expect(second.status).toBe(200)
      isOAuthError(await refresh(refreshToken), 400, 'invalid_grant')
      expect((await refresh(String(second.json?.refresh_token))).status).toBe(200)
    })

    it('never widens the scope', async () => {
      const { refreshToken, refresh } = await receiveTokens(target().factory.issuer, target().resource, {
        client: target().client,
        parameters: { scope: 'calendar:read' },
      })
      const answer = await refresh(refreshToken, { scope: 'calendar:read calendar:write' })
      if (answer.status === 200) expect(answer.json?.scope).toBe('calendar:read')
      else isOAuthError(answer, 400, 'invalid_scope')
    })
  })

  describe('the token endpoint', () => {
    it('a body that is no form', async () => {
      const received = await receiveCode(target().factory.issuer, target().resource, { client: target().client })
      const json = await send(target().factory.issuer + ENDPOINTS.token, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ grant_type: 'authorization_code', code: received.code, client_id: target().client }),
      })
      isOAuthError(json, json.status === 415 ? 415 : 400, 'invalid_request')
      expect((await received.redeem()).status).toBe(200)
    })

    it('an unknown client', async () => {
      isOAuthError(
        await target().oauth.token({
          grant_type: 'authorization_code',
          client_id: 'nobody',
          code: 'x',
          code_verifier: 'y',
        }),
        401,
        'invalid_client',
      )
    })

    it('an unknown grant type, and none', async () => {
      isOAuthError(
        await target().oauth.token({ grant_type: 'password', client_id: target().client }),
        400,
        'unsupported_grant_type',
      )
      isOAuthError(await target().oauth.token({ client_id: target().client }), 400, 'invalid_request')
    })

    it('a duplicated parameter', async () => {
      const received = await receiveCode(target().factory.issuer, target().resource, { client: target().client })
      const fields = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: target().client,
        code: received.code,
        redirect_uri: REDIRECT_URI,
        code_verifier: received.verifier,
      })
      fields.append('code', received.code)
      isOAuthError(await target().oauth.token(fields), 400, 'invalid_request')
      expect((await received.redeem()).status).toBe(200)
    })

    it('parameters in the query', async () => {
      const received = await receiveCode(target().factory.issuer, target().resource, { client: target().client })
      const query = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: target().client,
        code: received.code,
        redirect_uri: REDIRECT_URI,
        code_verifier: received.verifier,
      })
      const answer = await target().oauth.postForm(`${ENDPOINTS.token}?${query}`, {})
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect((await received.redeem()).status).toBe(200)
    })

    it('GET', async () => {
      expect([404, 405]).toContain((await send(target().factory.issuer + ENDPOINTS.token)).status)
    })

    it('a body over the limit of API Gateway', async () => {
      expect((await target().oauth.token({ grant_type: 'refresh_token', refresh_token: HUGE })).status).toBe(413)
    })

    it('AS-11: a wrong secret of a confidential client', async () => {
      const { json } = await target().oauth.register({ token_endpoint_auth_method: 'client_secret_basic' })
      const id = String(json?.client_id)
      const secret = String(json?.client_secret)
      const received = await receiveCode(target().factory.issuer, target().resource, { client: id })
      const basic = (password: string) => ({
        Authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(password)}`).toString('base64')}`,
      })
      const fields = {
        grant_type: 'authorization_code',
        code: received.code,
        redirect_uri: REDIRECT_URI,
        code_verifier: received.verifier,
      }
      isOAuthError(await target().oauth.token(fields, basic(`${secret}x`)), 401, 'invalid_client')
      isOAuthError(await target().oauth.token({ ...fields, client_id: id }), 401, 'invalid_client')
      expect((await target().oauth.token(fields, basic(secret))).status).toBe(200)
    })
  })
}
