import { describe, expect, it } from 'vitest'
import { makeSnapshot, SnapshotUnusable } from '../../../lambdas/authorizer/snapshot.ts'
import { itemsOf, KID, NOW, POLICY, publicJwk, SERVER, SIGNING } from './fixtures.ts'

const entry = { kind: 'grant', value: 'grant-1', before: NOW, expiresAt: NOW + 1 }

describe('a snapshot', () => {
  it('holds the keys with their ends, the rules and the deny entries', () => {
    const keys = [
      { kid: KID, jwk: publicJwk(), expiresAt: NOW },
      { kid: 'key-2', jwk: publicJwk() },
    ]
    const snapshot = makeSnapshot(itemsOf({ keys: JSON.stringify({ keys }), denyEntries: [entry] }), NOW)
    expect([...snapshot.keys].map(([kid, { expiresAt }]) => [kid, expiresAt])).toEqual([
      [KID, NOW],
      ['key-2', undefined],
    ])
    expect(snapshot.keys.get(KID)?.key.equals(SIGNING.publicKey)).toBe(true)
    expect(snapshot).toMatchObject({ policy: POLICY, server: SERVER, denyEntries: [{ kind: 'grant', before: NOW }] })
  })

  it('leaves out deny entries whose time has passed and that DynamoDB still returns (PLATFORM 17)', () => {
    const denyEntries = [
      { ...entry, expiresAt: NOW },
      { ...entry, expiresAt: NOW + 1 },
    ]
    expect(makeSnapshot(itemsOf({ denyEntries }), NOW).denyEntries).toHaveLength(1)
  })

  it('keeps a deny entry that has no end: a block stands until it is taken away', () => {
    const { denyEntries } = makeSnapshot(itemsOf({ denyEntries: [{ kind: 'person', value: 'a@example.com' }] }), NOW)
    expect(denyEntries).toEqual([{ kind: 'person', value: 'a@example.com' }])
  })

  it('takes the public half alone of a key, whatever else is there', () => {
    const jwk = SIGNING.privateKey.export({ format: 'jwk' })
    const snapshot = makeSnapshot(itemsOf({ keys: JSON.stringify({ keys: [{ kid: KID, jwk }] }) }), NOW)
    expect(snapshot.keys.get(KID)?.key.type).toBe('public')
  })
})

describe('no snapshot is made of', () => {
  it.each<[string, Parameters<typeof itemsOf>[0]]>([
    ['a table without keys', { keys: undefined }],
    ['a table without policy', { policy: undefined }],
    ['a table without this server', { server: undefined }],
    ['keys that are not JSON', { keys: '{' }],
    ['keys of another shape', { keys: '[]' }],
    ['a key of another type', { keys: JSON.stringify({ keys: [{ kid: KID, jwk: { kty: 'oct', k: 'AA' } }] }) }],
    [
      'a key of another curve',
      { keys: JSON.stringify({ keys: [{ kid: KID, jwk: { ...publicJwk(), crv: 'P-384' } }] }) },
    ],
    ['a key that is no point', { keys: JSON.stringify({ keys: [{ kid: KID, jwk: { ...publicJwk(), x: 'AA' } }] }) }],
    ['a policy of another shape', { policy: JSON.stringify({ ...POLICY, access: 'all' }) }],
    [
      'a policy with a rule it does not know',
      { policy: JSON.stringify({ ...POLICY, access: { planets: ['earth'] } }) },
    ],
    ['a server of another shape', { server: JSON.stringify({ ...SERVER, abilities: [] }) }],
    ['a deny entry of an unknown kind', { denyEntries: [{ ...entry, kind: 'planet' }] }],
    ['a deny entry whose time is text', { denyEntries: [{ ...entry, before: '1' }] }],
    ['a deny entry whose end is text', { denyEntries: [{ ...entry, expiresAt: 'never' }] }],
  ])('%s', (_, changes) => expect(() => makeSnapshot(itemsOf(changes), NOW)).toThrow(SnapshotUnusable))
})

it.each<[string, Parameters<typeof itemsOf>[0]]>([
  ['the table has no KEYS', { keys: undefined }],
  ['the table has no POLICY', { policy: undefined }],
  ['the table has no SERVER', { server: undefined }],
  ['POLICY is not JSON', { policy: '{' }],
  [
    'POLICY is malformed at tenants,lifetimes.accessToken',
    {
      policy: JSON.stringify({ ...POLICY, tenants: [], lifetimes: { ...POLICY.lifetimes, accessToken: '600' } }),
    },
  ],
  [
    `key ${KID} is not a public key`,
    { keys: JSON.stringify({ keys: [{ kid: KID, jwk: { ...publicJwk(), x: 'AA' } }] }) },
  ],
  ['the deny entry grant#x is malformed', { denyEntries: [{ sk: 'grant#x', kind: 'planet' }] }],
])('the log is told: %s', (message, changes) => {
  const make = () => makeSnapshot(itemsOf(changes), NOW)
  expect(make).toThrow(expect.objectContaining({ name: 'SnapshotUnusable' }))
  expect(make).toThrow(new RegExp(`^${message}`))
})

it('the log is told what the parser or the key store found', () => {
  for (const changes of [
    { policy: '{' },
    { keys: JSON.stringify({ keys: [{ kid: KID, jwk: { ...publicJwk(), x: 'AA' } }] }) },
  ])
    expect(() => makeSnapshot(itemsOf(changes), NOW)).toThrow(expect.objectContaining({ cause: expect.any(Error) }))
})
