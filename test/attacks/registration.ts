import { describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../model/endpoints.ts'
import { isOAuthError } from '../support/expectations.ts'
import { send } from '../support/oauth.ts'
import type { Target } from './target.ts'

const HUGE = 'x'.repeat(11 * 1024 * 1024)

export function describeRegistrationAttacks(target: () => Target): void {
  describe('registration', () => {
    const post = (body: string, headers: Record<string, string> = { 'Content-Type': 'application/json' }) =>
      send(target().factory.issuer + ENDPOINTS.register, { method: 'POST', headers, body })

    it.each([
      ['malformed JSON', '{"redirect_uris":'],
      ['JSON that is no object', '[]'],
      ['null', 'null'],
      ['an empty body', ''],
      ['redirect URIs that are no list', '{"redirect_uris":"http://127.0.0.1/callback"}'],
    ])('AS-20: %s', async (_case, body) => {
      const answer = await post(body)
      expect(['invalid_client_metadata', 'invalid_redirect_uri', 'invalid_request']).toContain(answer.json?.error)
      isOAuthError(answer, 400, String(answer.json?.error))
    })

    it('AS-20: a wrong content type', async () => {
      const answer = await post('{"redirect_uris":["http://127.0.0.1/callback"]}', { 'Content-Type': 'text/plain' })
      expect([400, 415]).toContain(answer.status)
      isOAuthError(answer, answer.status, String(answer.json?.error))
    })

    it('a body over the limit of API Gateway', async () => {
      expect((await post(JSON.stringify({ client_name: HUGE }))).status).toBe(413)
    })

    it.each([
      'http://evil.test/callback',
      'javascript:alert(1)',
      'data:text/html,hello',
      'ms-msdt:/id',
      'intent://callback',
      'https://evil.test/callback#fragment',
      'https://user:password@evil.test/callback',
      'http://127.0.0.1.evil.test/callback',
      'https://evil.test/callback?code=stolen&state=stolen',
      '//evil.test/callback',
      'callback',
    ])('AS-05: redirect URI %s', async (uri) => {
      isOAuthError(await target().oauth.register({ redirect_uris: [uri] }), 400, 'invalid_redirect_uri')
    })

    it('AS-05: redirect URIs that lead back to the authorization server', async () => {
      const uri = target().factory.issuer + ENDPOINTS.callback
      isOAuthError(await target().oauth.register({ redirect_uris: [uri] }), 400, 'invalid_redirect_uri')
    })

    it('nothing is lost: the next registration works', async () => {
      expect((await target().oauth.register()).status).toBe(201)
    })
  })
}
