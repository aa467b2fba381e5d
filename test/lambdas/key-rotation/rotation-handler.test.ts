import { importJWK, jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { generateKeys } from '../../../lambdas/key-rotation/new-keys.ts'
import { rotationHandler } from '../../../lambdas/key-rotation/rotation-handler.ts'
import { ROTATION_STEPS, type RotationStep } from '../../../lambdas/key-rotation/rotation-steps.ts'
import { openTable } from '../../../lambdas/store/table.ts'
import { type KeySet, keySetDocument, parseKeySet, signingKeyAt } from '../../../lambdas/tokens/key-set.ts'
import { compromisedToken, KEY_PURPOSES } from '../../../model/rotation-token.ts'
import { startLocalTable, TABLE_NAME } from '../store/local-table.ts'
import { startSecret } from './secrets-manager.ts'

const NOW = 1_800_000_000
const PLACEHOLDER = 'x9-random-placeholder-of-the-first-deployment'

async function setUp(placeholder = PLACEHOLDER) {
  const stack = new AsyncDisposableStack()
  const table = stack.use(await startLocalTable())
  const secret = stack.use(await startSecret(placeholder))
  const clock = { now: NOW }
  const now = () => clock.now
  const reports: string[] = []
  const audited: unknown[] = []
  const handler = rotationHandler(
    secret.client,
    {
      table: openTable(table.client, TABLE_NAME, now),
      lifetimes: { accessToken: 600, refreshAbsolute: 5_184_000 },
      generateKeys,
      now,
    },
    (step, outcome) => reports.push(`${step} ${outcome}`),
    (event, fields) => audited.push({ event, ...fields }),
  )
  const step = (Step: RotationStep, ClientRequestToken: string) =>
    handler({ Step, SecretId: 'arn:aws:secretsmanager:eu-west-1:1:secret:keys', ClientRequestToken })
  const rotateTo = async (version: string) => {
    secret.beginRotation(version)
    for (const name of ROTATION_STEPS) await step(name, version)
  }
  const setOf = (stage: string) => parseKeySet(secret.valueOf(stage) ?? '')
  const published = async (): Promise<{ keys: { kid: string; jwk: Record<string, string>; expiresAt?: number }[] }> =>
    JSON.parse((await table.get('KEYS', 'KEYS'))?.doc ?? '{"keys":[]}')
  return {
    table,
    secret,
    clock,
    reports,
    audited,
    handler,
    step,
    rotateTo,
    setOf,
    published,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

describe('a rotation', () => {
  it('makes the first set of the placeholder, and publishes it before anything can be signed', async () => {
    await using factory = await setUp()
    const { secret, step, setOf, published } = factory
    secret.beginRotation('version-1')
    await step('createSecret', 'version-1')
    expect(secret.valueOf('AWSCURRENT')).toBe(PLACEHOLDER)
    expect((await published()).keys).toEqual([])
    await step('setSecret', 'version-1')
    expect(secret.valueOf('AWSCURRENT')).toBe(PLACEHOLDER)
    expect((await published()).keys).toHaveLength(1)
    await step('testSecret', 'version-1')
    await step('finishSecret', 'version-1')

    expect(factory.audited).toEqual([{ event: 'keys.rotated', version: 'version-1', compromised: [] }])

    const keys = setOf('AWSCURRENT')
    expect(keySetDocument.safeParse(keys).success).toBe(true)
    expect(secret.valueOf('AWSPREVIOUS')).toBe(PLACEHOLDER)
    expect(secret.valueOf('AWSPENDING')).toBeUndefined()
    const key = signingKeyAt(keys, NOW)
    const token = await new SignJWT().setProtectedHeader({ alg: 'ES256' }).sign(await importJWK(key.jwk, 'ES256'))
    const publicKey = (await published()).keys.find(({ kid }) => kid === key.kid)
    await jwtVerify(token, await importJWK(publicKey?.jwk ?? {}, 'ES256'))
  })

  it('publishes no private key and no symmetric one', async () => {
    await using factory = await setUp()
    await factory.rotateTo('version-1')
    const item = JSON.stringify(await factory.table.get('KEYS', 'KEYS'))
    const { signing, sealing, refresh } = factory.setOf('AWSCURRENT')
    for (const secret of [...signing.map(({ jwk }) => jwk.d), ...[...sealing, ...refresh].map(({ key }) => key)])
      expect(item).not.toContain(secret)
  })

  it('keeps every earlier key that may still verify, in the secret and in the table', async () => {
    await using factory = await setUp()
    const { clock, rotateTo, setOf, published } = factory
    const seen: KeySet['signing'][number]['kid'][] = []
    for (const version of ['version-1', 'version-2', 'version-3', 'version-4']) {
      await rotateTo(version)
      const { signing } = setOf('AWSCURRENT')
      seen.push(signing.at(-1)?.kid ?? '')
      expect(signing.map(({ kid }) => kid)).toEqual(seen)
      expect((await published()).keys.map(({ kid }) => kid)).toEqual(seen)
      clock.now += 300
    }
    expect(signingKeyAt(setOf('AWSCURRENT'), clock.now - 1).kid).toBe(seen[2])
    expect(new Set(seen).size).toBe(4)
  })

  it('drops keys whose time has passed', async () => {
    await using factory = await setUp()
    const { clock, rotateTo, setOf, published } = factory
    await rotateTo('version-1')
    const [first] = setOf('AWSCURRENT').signing
    clock.now += 30 * 86_400
    await rotateTo('version-2')
    expect((await published()).keys.map(({ kid }) => kid)).toContain(first?.kid)
    clock.now += 30 * 86_400
    await rotateTo('version-3')
    expect(setOf('AWSCURRENT').signing).toHaveLength(2)
    expect(setOf('AWSCURRENT').refresh).toHaveLength(3)
    expect((await published()).keys.map(({ kid }) => kid)).not.toContain(first?.kid)
  })

  it('ten quick ones leave two public keys, of which the first still signs', async () => {
    await using factory = await setUp()
    const { clock, rotateTo, setOf, published } = factory
    for (let version = 1; version <= 10; version++) {
      await rotateTo(`version-${version}`)
      clock.now += 1
    }
    const [first, waiting] = setOf('AWSCURRENT').signing
    expect((await published()).keys.map(({ kid }) => kid)).toEqual([first?.kid, waiting?.kid])
    expect(signingKeyAt(setOf('AWSCURRENT'), clock.now).kid).toBe(first?.kid)
  })

  it('of a compromised signing key takes it out of the public set before anything else, and keeps the other keys', async () => {
    await using factory = await setUp()
    const { secret, step, rotateTo, setOf, published, clock } = factory
    await rotateTo('version-1')
    const before = setOf('AWSCURRENT')
    const token = compromisedToken('signing', 'b3f0c1de-0000-4000-8000-000000000000')
    secret.beginRotation(token)
    await step('createSecret', token)
    await step('setSecret', token)
    const { keys } = await published()
    expect(keys).toHaveLength(1)
    expect(keys[0]?.kid).not.toBe(before.signing[0]?.kid)
    await step('testSecret', token)
    await step('finishSecret', token)
    const after = setOf('AWSCURRENT')
    expect(signingKeyAt(after, clock.now).kid).toBe(keys[0]?.kid)
    expect(after.sealing).toContainEqual(expect.objectContaining({ kid: before.sealing[0]?.kid }))
    expect(after.refresh).toContainEqual(expect.objectContaining({ kid: before.refresh[0]?.kid }))
  })

  it('of compromised keys that died between its steps is finished by repeating them, and never brings a key back', async () => {
    await using factory = await setUp()
    const { secret, step, rotateTo, setOf, published, clock } = factory
    await rotateTo('version-1')
    const before = setOf('AWSCURRENT')
    const token = compromisedToken('all', 'b3f0c1de-0000-4000-8000-000000000000')
    secret.beginRotation(token)
    for (const last of ROTATION_STEPS) {
      for (const name of ROTATION_STEPS.slice(0, ROTATION_STEPS.indexOf(last) + 1)) await step(name, token)
      clock.now += 3600
    }
    const after = setOf('AWSCURRENT')
    for (const purpose of KEY_PURPOSES) {
      expect(after[purpose]).toHaveLength(1)
      expect(after[purpose][0]?.kid).not.toBe(before[purpose][0]?.kid)
    }
    await rotateTo('version-3')
    const kids = [...setOf('AWSCURRENT').signing, ...(await published()).keys].map(({ kid }) => kid)
    expect(kids).not.toContain(before.signing[0]?.kid)
  })

  it('may repeat any step', async () => {
    await using factory = await setUp()
    const { secret, step, setOf } = factory
    secret.beginRotation('version-1')
    await step('createSecret', 'version-1')
    const pending = secret.valueOf('AWSPENDING')
    await step('createSecret', 'version-1')
    expect(secret.valueOf('AWSPENDING')).toBe(pending)
    for (const name of ['setSecret', 'setSecret', 'testSecret', 'testSecret', 'finishSecret'] as const)
      await step(name, 'version-1')
    expect(JSON.stringify(setOf('AWSCURRENT'))).toBe(pending)
    for (const name of ROTATION_STEPS) await step(name, 'version-1')
    expect(secret.valueOf('AWSCURRENT')).toBe(pending)
    expect(factory.reports.slice(-4)).toEqual(ROTATION_STEPS.map((name) => `${name} already current`))
  })
})

describe('a rotation refuses', () => {
  it('a version that is not the one being rotated in', async () => {
    await using factory = await setUp()
    for (const name of ROTATION_STEPS)
      await expect(factory.step(name, 'version-9')).rejects.toThrow('neither AWSPENDING nor AWSCURRENT')
    expect(factory.secret.calls).not.toContain('PutSecretValue')
  })

  it('a version that only has AWSPREVIOUS', async () => {
    await using factory = await setUp()
    await factory.rotateTo('version-1')
    await expect(factory.step('finishSecret', 'version-0')).rejects.toThrow('neither AWSPENDING nor AWSCURRENT')
  })

  it('a secret for which rotation is not enabled', async () => {
    await using factory = await setUp()
    factory.secret.rotationEnabled = false
    factory.secret.beginRotation('version-1')
    await expect(factory.step('createSecret', 'version-1')).rejects.toThrow('not enabled')
  })

  it.each([
    {},
    { Step: 'dropSecret', SecretId: 'x', ClientRequestToken: 'y' },
    { Step: 'createSecret' },
    null,
  ])('an event such as %j', async (event) => {
    await using factory = await setUp()
    await expect(factory.handler(event)).rejects.toThrow()
    expect(factory.secret.calls).toEqual([])
  })

  it('to make a first set in place of one that it cannot read, and shows none of it', async () => {
    await using factory = await setUp(JSON.stringify({ version: 2, signing: 'of-a-later-release' }))
    factory.secret.beginRotation('version-1')
    const attempt = factory.step('createSecret', 'version-1')
    await expect(attempt).rejects.toThrow(/^the secret holds a key set that cannot be read$/)
    expect(factory.secret.calls).not.toContain('PutSecretValue')
  })

  it('to go on before the pending set is made', async () => {
    await using factory = await setUp()
    factory.secret.beginRotation('version-1')
    for (const name of ['setSecret', 'testSecret', 'finishSecret'] as const)
      await expect(factory.step(name, 'version-1')).rejects.toThrow('no key set')
    expect(factory.secret.valueOf('AWSCURRENT')).toBe(PLACEHOLDER)
  })

  it('to finish before the public halves are in the table, or when other keys are', async () => {
    await using factory = await setUp()
    factory.secret.beginRotation('version-1')
    await factory.step('createSecret', 'version-1')
    const unfinished = async (reason: string) => {
      for (const name of ['testSecret', 'finishSecret'] as const)
        await expect(factory.step(name, 'version-1')).rejects.toThrow(reason)
      expect(factory.secret.valueOf('AWSCURRENT')).toBe(PLACEHOLDER)
    }
    await unfinished('the table holds no public keys')
    await factory.table.put({ pk: 'KEYS', sk: 'KEYS', doc: JSON.stringify({ keys: [] }) })
    await unfinished('is not published')
    const { signing } = await generateKeys()
    const { d: _, ...jwk } = signing.jwk
    const kid = factory.setOf('AWSPENDING').signing[0]?.kid
    await factory.table.put({ pk: 'KEYS', sk: 'KEYS', doc: JSON.stringify({ keys: [{ kid, jwk }] }) })
    await unfinished('does not verify')
  })

  it('to finish when the table does not answer: the secret stays as it was', async () => {
    await using factory = await setUp()
    factory.secret.beginRotation('version-1')
    await factory.step('createSecret', 'version-1')
    await factory.table[Symbol.asyncDispose]()
    await expect(factory.step('setSecret', 'version-1')).rejects.toThrow()
    expect(factory.secret.valueOf('AWSCURRENT')).toBe(PLACEHOLDER)
  })
})

describe('generated keys', () => {
  it('are new each time, and a signing key’s id is its RFC 7638 thumbprint', async () => {
    const [one, other] = await Promise.all([generateKeys(), generateKeys()])
    expect(one.signing.kid).toMatch(/^[A-Za-z0-9_-]{43}$/)
    for (const purpose of ['signing', 'sealing', 'refresh'] as const)
      expect(one[purpose].kid).not.toBe(other[purpose].kid)
    expect(Buffer.from(one.sealing.key, 'base64url')).toHaveLength(32)
    expect(Buffer.from(one.refresh.key, 'base64url')).toHaveLength(32)
    expect(one.sealing.key).not.toBe(one.refresh.key)
  })
})
