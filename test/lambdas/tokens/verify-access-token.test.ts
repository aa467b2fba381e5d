import { importJWK, SignJWT } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { publicHalf } from '../../../lambdas/tokens/public-keys.ts'
import { verifyAccessToken } from '../../../lambdas/tokens/verify-access-token.ts'
import { sampleSigningKey } from './sample-keys.ts'

/** The library looks at the clock of the machine, too: nothing of ours lies before it. */
const NOW = Math.floor(Date.now() / 1000)
const ISSUER = 'https://mcp.example.com'
const RIGHT = {
  iss: ISSUER,
  sub: 's',
  aud: 'a',
  client_id: 'c',
  scope: '',
  iat: NOW,
  exp: NOW + 600,
  jti: 'j',
  sid: 'g',
}

let own: Awaited<ReturnType<typeof sampleSigningKey>>
let foreign: typeof own
beforeAll(async () => {
  own = await sampleSigningKey('own', { signFrom: 0 })
  foreign = await sampleSigningKey('own', { signFrom: 0 })
})

async function verify(claims: object = {}, header: object = {}, key = own, now = NOW) {
  const jwt = new SignJWT(JSON.parse(JSON.stringify({ ...RIGHT, ...claims })))
  const token = await jwt
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'own', ...header })
    .sign(await importJWK(key.jwk, 'ES256'))
  return verifyAccessToken(token, ISSUER, [publicHalf(own)], now)
}

it('a token that we signed is read', async () => {
  expect(await verify()).toMatchObject({ sub: 's', sid: 'g' })
})

it('AS-23: any other is none of ours', async () => {
  expect(await verify({ iss: 'https://evil.test' })).toBeUndefined()
  expect(await verify({ sid: undefined })).toBeUndefined()
  expect(await verify({ exp: undefined })).toBeUndefined()
  expect(await verify({}, { typ: 'JWT' })).toBeUndefined()
  expect(await verify({}, { kid: 'another' })).toBeUndefined()
  expect(await verify({}, {}, foreign)).toBeUndefined()
  expect(await verify({}, {}, own, NOW + 600)).toBeUndefined()
  for (const token of ['', 'x', 'a.b.c'])
    expect(verifyAccessToken(token, ISSUER, [publicHalf(own)], NOW)).toBeUndefined()
})
