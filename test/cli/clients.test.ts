import { describe, expect, it } from 'vitest'
import { sha256 } from '../../lambdas/tokens/secrets.ts'
import { factory } from './run-factory.ts'

describe('clients new-secret', () => {
  it('prints a secret once, and the hash of it for the config', async () => {
    const first = await factory(['clients', 'new-secret', 'portal', '--json'])
    const { client, secret, secretHash } = JSON.parse(first.stdout) as Record<string, string>
    expect([first.code, client, secretHash]).toEqual([0, 'portal', sha256(secret ?? '')])
    expect(secret).toMatch(/^[\w-]{43}$/)
    const second = await factory(['clients', 'new-secret', 'portal'])
    const [, another = ''] = /shown this once: ([\w-]{43})$/m.exec(second.stdout) ?? []
    expect(another).not.toBe(secret)
    expect(second.stdout).toContain(
      `clients: { 'portal': { name: '…', redirectUris: ['…'], secretHash: '${sha256(another)}' } }`,
    )
  })

  it('says which names are allowed', async () => {
    const { code, stderr } = await factory(['clients', 'new-secret', 'c-Portal'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('client: found c-Portal; allowed: a client id')])
  })
})
