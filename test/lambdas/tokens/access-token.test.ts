import { createPublicKey } from 'node:crypto'
import { importJWK, jwtVerify } from 'jose'
import { expect, it } from 'vitest'
import { parseAccessToken, verifyAccessToken } from '../../../lambdas/authorizer/access-token.ts'
import { type AccessTokenFacts, signAccessToken } from '../../../lambdas/tokens/access-token.ts'
import { KeysUnavailable } from '../../../lambdas/tokens/key-set.ts'
import { publicHalf } from '../../../lambdas/tokens/public-keys.ts'
import { sampleKeys } from './sample-keys.ts'

const NOW = 1_800_000_000
const FACTS: AccessTokenFacts = {
  issuer: 'https://mcp.example.com',
  resource: 'https://mcp.example.com/productivity/mcp',
  clientId: 'client',
  grantId: 'grant',
  scopes: ['calendar:read', 'calendar:write'],
  person: { sub: 'subject', email: 'alice@example.com', name: 'Zoë “Z”', tenant: 'example', claims: {} },
  claims: { groups: ['mcp'] },
  lifetime: 600,
}

it('RS-03: an access token is what RFC 9068 says, as jose and the gate verify it', async () => {
  const keys = await sampleKeys()
  const [key] = keys.signing
  if (key === undefined) throw new Error('no key')
  const token = signAccessToken(FACTS, keys, NOW)

  const { payload, protectedHeader } = await jwtVerify(token, await importJWK(publicHalf(key), 'ES256'), {
    algorithms: ['ES256'],
    typ: 'at+jwt',
    issuer: FACTS.issuer,
    audience: FACTS.resource,
    currentDate: new Date(NOW * 1000),
  })
  expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: 'sign-1' })
  expect(payload).toEqual({
    iss: FACTS.issuer,
    sub: 'subject',
    aud: FACTS.resource,
    client_id: 'client',
    scope: 'calendar:read calendar:write',
    sid: 'grant',
    email: 'alice@example.com',
    name: 'Zoë “Z”',
    tenant: 'example',
    claims: { groups: ['mcp'] },
    iat: NOW,
    exp: NOW + 600,
    jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })

  const parsed = parseAccessToken(token)
  if ('refused' in parsed) throw new Error(parsed.refused)
  const publicKey = createPublicKey({ key: { ...publicHalf(key) }, format: 'jwk' })
  expect(verifyAccessToken(parsed, publicKey)).toMatchObject({ kid: 'sign-1', claims: { sub: 'subject' } })
})

it('no token is signed where no key is in use', async () => {
  expect(() => signAccessToken(FACTS, { version: 1, signing: [], sealing: [], refresh: [] }, NOW)).toThrow(
    KeysUnavailable,
  )
})
