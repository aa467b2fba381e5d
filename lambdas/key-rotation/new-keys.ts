import { randomBytes } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import * as z from 'zod/mini'
import type { NewKeys } from './rotate.ts'

const ecPrivateJwk = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
})

/** Generates a key per purpose. The signing key's id is its RFC 7638 thumbprint: it names that key and no other. */
export async function generateKeys(): Promise<NewKeys> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = ecPrivateJwk.parse(await exportJWK(privateKey))
  return {
    signing: { kid: await calculateJwkThumbprint(jwk), jwk },
    sealing: symmetricKey(),
    refresh: symmetricKey(),
  }
}

function symmetricKey(): { kid: string; key: string } {
  return { kid: randomBytes(9).toString('base64url'), key: randomBytes(32).toString('base64url') }
}
