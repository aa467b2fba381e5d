import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { publishedKeys } from '../../../lambdas/key-rotation/published-keys.ts'
import { LEAD_TIME, type NewKeys, rotate } from '../../../lambdas/key-rotation/rotate.ts'
import { type KeySet, secretKeyAt, signingKeyAt, usableSecretKeys } from '../../../lambdas/tokens/key-set.ts'
import { KEY_PURPOSES } from '../../../model/rotation-token.ts'

const NOW = 1_800_000_000
const LIFETIMES = { accessToken: 600, refreshAbsolute: 5_184_000 }
const SEALED = 600
const CACHE = 300

/** The rules look at ids and times alone. */
function newKeys(): NewKeys {
  const key = 'A'.repeat(43)
  return {
    signing: { kid: randomUUID(), jwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' } },
    sealing: { kid: randomUUID(), key },
    refresh: { kid: randomUUID(), key },
  }
}
const rotated = (current: KeySet | undefined, now: number) => rotate(current, now, LIFETIMES, newKeys())
const kids = (set: KeySet) => [...set.signing, ...set.sealing, ...set.refresh].map(({ kid }) => kid)

describe('rotate', () => {
  it('makes a first set that is in use at once and has no end', () => {
    const keys = newKeys()
    expect(rotate(undefined, NOW, LIFETIMES, keys)).toEqual({
      version: 1,
      signing: [{ ...keys.signing, signFrom: NOW }],
      sealing: [{ ...keys.sealing, useFrom: NOW }],
      refresh: [{ ...keys.refresh, useFrom: NOW }],
    })
  })

  it('adds keys whose use begins five minutes later, and gives their predecessors their ends', () => {
    const first = rotated(undefined, NOW)
    const now = NOW + 86_400
    const { signing, sealing, refresh } = rotated(first, now)
    const last = now + LEAD_TIME
    expect(LEAD_TIME).toBe(300)
    expect(signing).toMatchObject([
      { kid: first.signing[0]?.kid, signFrom: NOW, signUntil: last, expiresAt: last + 600 + 300 },
      { signFrom: last },
    ])
    expect(sealing).toMatchObject([
      { kid: first.sealing[0]?.kid, useFrom: NOW, expiresAt: last + 600 },
      { useFrom: last },
    ])
    expect(refresh).toMatchObject([
      { kid: first.refresh[0]?.kid, useFrom: NOW, expiresAt: last + 5_184_000 },
      { useFrom: last },
    ])
    for (const keys of [signing, sealing, refresh]) expect(keys[1]).not.toHaveProperty('expiresAt')
  })

  it('drops a key when its time has passed, not a second sooner', () => {
    const second = rotated(rotated(undefined, NOW), NOW + 1000)
    const [first] = second.signing
    const end = first?.expiresAt ?? 0
    expect(kids(rotated(second, end - 1))).toContain(first?.kid)
    expect(kids(rotated(second, end))).not.toContain(first?.kid)
  })

  it('never moves an end that a key has', () => {
    const second = rotated(rotated(undefined, NOW), NOW + 1000)
    const third = rotated(second, NOW + 1300)
    expect(third.signing).toHaveLength(3)
    expect(third.signing[0]).toEqual(second.signing[0])
    expect(third.sealing[0]).toEqual(second.sealing[0])
    expect(third.refresh[0]).toEqual(second.refresh[0])
  })

  it('starts at once for a purpose that has no key in use', () => {
    const { sealing } = rotated({ version: 1, signing: [], sealing: [], refresh: [] }, NOW)
    expect(sealing).toMatchObject([{ useFrom: NOW }])
  })

  it('adds no second successor while one waits for its use to begin: ten quick ones make a set of two', () => {
    let set = rotated(undefined, NOW)
    for (let second = 0; second < 10; second++) set = rotated(set, NOW + second)
    expect(set.signing.map(({ signFrom }) => signFrom)).toEqual([NOW, NOW + 300])
    expect(set.sealing).toHaveLength(2)
    expect(set.refresh).toHaveLength(2)
    expect(publishedKeys(set, set, NOW + 10, LIFETIMES).keys).toHaveLength(2)
    expect(rotated(set, NOW + 299)).toEqual(set)
    expect(rotated(set, NOW + 300).signing).toHaveLength(3)
  })

  it.each(
    KEY_PURPOSES,
  )('removes every compromised key for %s at once, the waiting one too, and no other', (purpose) => {
    const keys = newKeys()
    const before = rotated(rotated(undefined, NOW - 1000), NOW - 100)
    const after = rotate(before, NOW, LIFETIMES, keys, [purpose])
    const from = purpose === 'signing' ? 'signFrom' : 'useFrom'
    expect(after[purpose]).toEqual([{ ...keys[purpose], [from]: NOW }])
    for (const other of KEY_PURPOSES.filter((each) => each !== purpose)) expect(after[other]).toEqual(before[other])
  })

  it('leaves the set it was given as it was', () => {
    const first = rotated(undefined, NOW)
    const before = structuredClone(first)
    rotated(first, NOW + 10)
    expect(first).toEqual(before)
  })
})

it('rotations as quick and as many as one likes log nobody out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 12 }),
      // When somebody signs with a set that was read up to five minutes ago, and when that is verified.
      fc.nat(CACHE - 1),
      fc.nat(LIFETIMES.accessToken - 1),
      (pauses, age, delay) => {
        const sets: { set: KeySet; from: number }[] = [{ set: rotated(undefined, NOW), from: NOW }]
        for (const pause of pauses) {
          const { set, from } = sets.at(-1) ?? { set: undefined, from: NOW }
          sets.push({ set: rotated(set, from + pause), from: from + pause })
        }
        const readAt = (time: number) => sets.findLast(({ from }) => from <= time)?.set ?? sets[0]?.set
        for (const { from } of sets) {
          const signedAt = from + age
          for (const read of [from, signedAt]) {
            const signer = readAt(read) as KeySet
            const verifiedAt = signedAt + delay
            const verifier = readAt(verifiedAt) as KeySet
            const { kid } = signingKeyAt(signer, signedAt)
            const published = publishedKeys(verifier, undefined, verifiedAt, LIFETIMES).keys.find(
              (key) => key.kid === kid,
            )
            expect(published).toBeDefined()
            expect(published?.expiresAt ?? Number.POSITIVE_INFINITY).toBeGreaterThan(verifiedAt)

            const sealed = secretKeyAt(signer, 'sealing', signedAt)
            const openedAt = signedAt + Math.min(delay, SEALED - 1)
            expect(usableSecretKeys(readAt(openedAt) as KeySet, 'sealing', openedAt)).toContainEqual(
              expect.objectContaining({ kid: sealed.kid }),
            )

            const refresh = secretKeyAt(signer, 'refresh', signedAt)
            const refreshedAt = signedAt + LIFETIMES.refreshAbsolute - 1
            expect(usableSecretKeys(readAt(refreshedAt) as KeySet, 'refresh', refreshedAt)).toContainEqual(
              expect.objectContaining({ kid: refresh.kid }),
            )
          }
        }
      },
    ),
  )
})

describe('the published keys', () => {
  it('are the public halves, with their ends and nothing private', () => {
    const second = rotated(rotated(undefined, NOW), NOW + 1000)
    const { keys } = publishedKeys(second, undefined, NOW + 1000, LIFETIMES)
    expect(keys).toMatchObject([{ expiresAt: second.signing[0]?.expiresAt }, { kid: second.signing[1]?.kid }])
    expect(keys[1]).not.toHaveProperty('expiresAt')
    expect(JSON.stringify(keys)).not.toContain('"d"')
  })

  it('last as long as the key signs, also when the rotation took hours between its steps', () => {
    const first = rotated(undefined, NOW)
    const second = rotated(first, NOW + 1000)
    const hoursLater = NOW + 1000 + 4 * 3600
    const [published] = publishedKeys(second, first, hoursLater, LIFETIMES).keys
    expect(published?.expiresAt).toBe(hoursLater + 300 + 600 + 300)
  })

  it('do not last longer for a key that had its end before', () => {
    const second = rotated(rotated(undefined, NOW), NOW + 1000)
    const third = rotated(second, NOW + 1300)
    const [published] = publishedKeys(third, second, NOW + 1900, LIFETIMES).keys
    expect(published?.expiresAt).toBe(second.signing[0]?.expiresAt)
  })
})
