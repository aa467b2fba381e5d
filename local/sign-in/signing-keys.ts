import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, type JWK } from 'jose'

const FILE = 'sign-in-keys.json'

/**
 * The stand-in's signing keys, made at its first start and kept (mode 0600), so that whoever cached its JWKS can verify
 * across restarts. RS256, which Google and Cognito use.
 */
export async function loadSigningKeys(stateDirectory: string): Promise<{ keys: JWK[] }> {
  const path = join(stateDirectory, FILE)
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (kept !== undefined) return JSON.parse(kept) as { keys: JWK[] }
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const keys = [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256' }]
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 })
  await writeFile(`${path}.new`, JSON.stringify({ keys }), { mode: 0o600 })
  // Renamed into place: a kill in between leaves no half-written file behind.
  await rename(`${path}.new`, path)
  return { keys }
}
