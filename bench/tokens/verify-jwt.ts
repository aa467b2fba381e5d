import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { ISSUER, RESOURCE, SCOPE } from './token-server.ts'

/** Whether a token is an ES256 JWT access token for the resource (RFC 9068 §4). */
export async function acceptsJwt(accessToken: string, keys: JSONWebKeySet, issuer = ISSUER): Promise<boolean> {
  const options = { issuer, audience: RESOURCE, typ: 'at+jwt', algorithms: ['ES256'], requiredClaims: ['exp'] }
  try {
    const { payload } = await jwtVerify(accessToken, createLocalJWKSet(keys), options)
    return String(payload.scope).split(' ').includes(SCOPE)
  } catch {
    return false
  }
}
