import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import fc from 'fast-check'
import { jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { parseAccessToken, verifyAccessToken } from '../../../lambdas/authorizer/access-token.ts'
import { CLAIMS, FOREIGN, HEADER, KID, SIGNING, signToken } from './fixtures.ts'

/** Both stages, as the gate goes through them; the key is the one that the snapshot has under any `kid`. */
function verify(token: string, key = SIGNING.publicKey) {
  const parsed = parseAccessToken(token)
  return 'refused' in parsed ? parsed : verifyAccessToken(parsed, key)
}
const refusalOf = (token: string) => {
  const result = verify(token)
  return 'refused' in result ? result.refused : 'accepted'
}
const encoded = (text: string) => Buffer.from(text).toString('base64url')
const parts = signToken().split('.') as [string, string, string]

describe('accepts', () => {
  it('what jose signs as the authorization server does, with every claim', async () => {
    const claims = { ...CLAIMS, name: 'Älice “A” 李 🙂', claims: { hd: 'example.com', groups: ['a', 'b'], 'n.1': 1.5 } }
    const token = await new SignJWT(claims).setProtectedHeader(HEADER).sign(SIGNING.privateKey)
    expect(verify(token)).toEqual({ kid: KID, claims })
  })

  it('claims it does not know, and drops them', () => {
    expect(verify(signToken({ ...CLAIMS, nonce: 'x' }))).toEqual({ kid: KID, claims: CLAIMS })
  })
})

describe('RS-02: refuses', () => {
  it.each<[string, string]>([
    ['nothing', ''],
    ['dots', '..'],
    ['two parts', parts.slice(0, 2).join('.')],
    ['four parts', `${parts.join('.')}.x`],
    ['five parts, as a JWE has', `${parts.join('.')}.x.y`],
    ['an empty signature', `${parts[0]}.${parts[1]}.`],
    ['an empty header', `.${parts[1]}.${parts[2]}`],
    ['an empty payload', `${parts[0]}..${parts[2]}`],
    ['a token of more than 8,192 characters', signToken({ ...CLAIMS, name: 'x'.repeat(8_000) })],
    ['padding', `${parts[0]}.${parts[1]}.${parts[2]}==`],
    ['base64 instead of base64url', `${parts[0]}.${parts[1]}.${parts[2].slice(0, -1)}+`],
    ['white space inside', `${parts[0]}.${parts[1]}.${parts[2].slice(0, 10)}\n${parts[2].slice(10)}`],
    ['a header that is not JSON', `${encoded('{')}.${parts[1]}.${parts[2]}`],
    ['a header that is an array', signToken(CLAIMS, [HEADER])],
    ['a header that is null', signToken(CLAIMS, 'null')],
    ['a header that is not UTF-8', `${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.${parts[1]}.${parts[2]}`],
    ['a byte order mark', signToken(CLAIMS, `\ufeff${JSON.stringify(HEADER)}`)],
    ['a payload that is not JSON', signToken('claims')],
    ['a payload that is not an object', signToken('"claims"')],
    ['a short signature', `${parts[0]}.${parts[1]}.${encoded('x')}`],
  ])('what is malformed: %s', (_, token) => expect(refusalOf(token)).not.toBe('accepted'))

  it('and tells the log why', () => {
    expect(refusalOf(signToken({ ...CLAIMS, name: 'x'.repeat(8_000) }))).toBe('longer than 8192 characters')
    expect(refusalOf(`${parts.join('.')}.x`)).toBe('more than three parts')
    expect(refusalOf('')).toBe('the header is not strict base64url of a JSON object')
    expect(refusalOf(signToken({ ...CLAIMS, aud: 1, sid: 1 }))).toBe('claims missing or malformed: aud, sid')
  })

  it('nothing for its length, up to 8,192 characters', () => {
    // With an id of five characters no token has this length: base64url skips one in four.
    const header = { ...HEADER, kid: 'key-12' }
    const named = Array.from({ length: 60 }, (_, more) => ({ ...CLAIMS, name: 'x'.repeat(5_690 + more) }))
    const longest = named.map((claims) => signToken(claims, header)).find(({ length }) => length === 8192)
    expect(refusalOf(longest ?? '')).toBe('accepted')
  })

  it('stray bits after the last byte of a part', () => {
    // 64 bytes leave four unused bits in the last of 86 characters.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet.indexOf(parts[2].at(-1) ?? '')
    const stray = `${parts[2].slice(0, -1)}${alphabet[last + 1]}`
    expect(Buffer.from(stray, 'base64url')).toEqual(Buffer.from(parts[2], 'base64url'))
    expect(refusalOf(`${parts[0]}.${parts[1]}.${stray}`)).not.toBe('accepted')
  })

  it('alg none, in every spelling, with a signature or without', () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      const token = signToken(CLAIMS, { ...HEADER, alg })
      expect(refusalOf(token)).toBe('alg is not ES256')
      expect(refusalOf(token.slice(0, token.lastIndexOf('.') + 1))).not.toBe('accepted')
    }
  })

  it('HS256 with the public key as the secret', () => {
    const input = `${encoded(JSON.stringify({ ...HEADER, alg: 'HS256' }))}.${parts[1]}`
    for (const secret of [
      SIGNING.publicKey.export({ format: 'pem', type: 'spki' }),
      SIGNING.publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(SIGNING.publicKey.export({ format: 'jwk' })),
    ])
      for (const digest of ['sha256', 'sha512'])
        expect(refusalOf(`${input}.${createHmac(digest, secret).update(input).digest('base64url')}`)).not.toBe(
          'accepted',
        )
  })

  it('other algorithms, ES256 in other letters too', () => {
    for (const alg of ['RS256', 'ES384', 'ES256K', 'EdDSA', 'es256', 'PS256', '', null, 1, ['ES256']])
      expect(refusalOf(signToken(CLAIMS, { ...HEADER, alg }))).toBe('alg is not ES256')
  })

  it('another key, also one that comes along in the header', () => {
    expect(refusalOf(signToken(CLAIMS, HEADER, FOREIGN.privateKey))).toBe('the signature does not verify')
    const jwk = FOREIGN.publicKey.export({ format: 'jwk' })
    expect(refusalOf(signToken(CLAIMS, { ...HEADER, jwk }, FOREIGN.privateKey))).not.toBe('accepted')
  })

  it('a key of another curve, whose signature has another length', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    expect(refusalOf(signToken(CLAIMS, HEADER, privateKey))).toBe('the signature is not 64 bytes')
  })

  it('a signature in DER', () => {
    const input = `${parts[0]}.${parts[1]}`
    const der = sign('sha256', Buffer.from(input), SIGNING.privateKey).toString('base64url')
    expect(refusalOf(`${input}.${der}`)).not.toBe('accepted')
  })

  it('the signature of zeros (CVE-2022-21449)', () => {
    expect(refusalOf(`${parts[0]}.${parts[1]}.${Buffer.alloc(64).toString('base64url')}`)).toBe(
      'the signature does not verify',
    )
  })

  it('a typ that is not exactly at+jwt: an ID token is no access token', () => {
    for (const typ of ['JWT', 'at+JWT', 'AT+JWT', 'application/at+jwt', 'at+jwt ', '', null, ['at+jwt']])
      expect(refusalOf(signToken(CLAIMS, { ...HEADER, typ }))).toBe('typ is not at+jwt')
    expect(refusalOf(signToken(CLAIMS, { alg: 'ES256', kid: KID }))).not.toBe('accepted')
  })

  it('a kid that is missing or no key id', () => {
    expect(refusalOf(signToken(CLAIMS, { alg: 'ES256', typ: 'at+jwt' }))).not.toBe('accepted')
    for (const kid of ['', '../../dev/null', "' OR 1=1", 'x'.repeat(65), 1, null, ['key-1']])
      expect(refusalOf(signToken(CLAIMS, { ...HEADER, kid }))).toBe('kid is not a key id')
  })

  it.each([
    ['crit', ['exp']],
    ['b64', false],
    ['jku', 'https://evil.test/jwks'],
    ['x5u', 'https://evil.test/x5u'],
    ['x5c', []],
    ['zip', 'DEF'],
    ['cty', 'JWT'],
    ['__proto__', {}],
  ])('a header with %s', (name, value) => {
    const header = JSON.stringify(HEADER).replace('{', `{${JSON.stringify(name)}:${JSON.stringify(value)},`)
    expect(refusalOf(signToken(CLAIMS, header))).toBe('the header has other members than alg, kid, typ')
  })

  it('a member that is there twice, in the header or in the payload', () => {
    const header = JSON.stringify(HEADER).replace('{', '{"alg":"none",')
    expect(refusalOf(signToken(CLAIMS, header))).not.toBe('accepted')
    const payload = JSON.stringify(CLAIMS).replace('{', '{"aud":"https://other.test/mcp",')
    expect(refusalOf(signToken(payload))).not.toBe('accepted')
  })

  it('a payload that is not UTF-8: two readers would make two names of it', () => {
    const payload = Buffer.from(JSON.stringify({ ...CLAIMS, name: 'A?' }).replace('A?', 'A\u00ff'), 'latin1')
    expect(refusalOf(signToken(payload))).not.toBe('accepted')
  })

  it('claims that are missing or of another type', () => {
    for (const name of Object.keys(CLAIMS).filter((name) => name !== 'picture')) {
      const { [name as 'iss']: _, ...rest } = CLAIMS
      expect(refusalOf(signToken(rest))).toBe(`claims missing or malformed: ${name}`)
      expect(refusalOf(signToken({ ...rest, [name]: [CLAIMS[name as 'iss']] }))).toBe(
        `claims missing or malformed: ${name}`,
      )
      expect(refusalOf(signToken({ ...rest, [name]: null }))).not.toBe('accepted')
    }
    for (const name of ['sub', 'client_id', 'jti', 'sid'])
      expect(refusalOf(signToken({ ...CLAIMS, [name]: '' }))).not.toBe('accepted')
    expect(refusalOf(signToken({ ...CLAIMS, exp: '1800000540' }))).not.toBe('accepted')
    expect(refusalOf(signToken(JSON.stringify(CLAIMS).replace('1800000540', '1e999')))).not.toBe('accepted')
    expect(refusalOf(signToken({ ...CLAIMS, claims: ['hd'] }))).not.toBe('accepted')
  })
})

describe('against jose', () => {
  const oracle = (token: string) =>
    jwtVerify(token, SIGNING.publicKey, {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      currentDate: new Date(CLAIMS.iat * 1000),
    })

  it('accepts no mutated token, whatever is changed, inserted or removed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.oneof(fc.constant(''), fc.string({ minLength: 1, maxLength: 3 }), fc.constantFrom('A', '.', '=', '-', '_')),
        fc.nat({ max: 2 }),
        async (at, replacement, removed) => {
          const token = parts.join('.')
          const position = at % token.length
          const mutated = token.slice(0, position) + replacement + token.slice(position + removed)
          fc.pre(mutated !== token)
          expect(refusalOf(mutated)).not.toBe('accepted')
        },
      ),
      { numRuns: 500 },
    )
  })

  it('accepts nothing that jose refuses: any header, any claims, either key', async () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('ES256', 'at+jwt', KID, 'none'),
      fc.integer(),
      fc.constant(null),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.record({ alg: value, typ: value, kid: value, crit: value }, { requiredKeys: [] }),
        fc.boolean(),
        fc.record({ name: fc.string(), exp: fc.integer(), extra: fc.json() }, { requiredKeys: [] }),
        async (header, ours, changed) => {
          const key = ours ? SIGNING.privateKey : FOREIGN.privateKey
          const token = signToken({ ...CLAIMS, ...changed }, { ...HEADER, ...header }, key)
          if (refusalOf(token) === 'accepted') {
            const { payload } = await oracle(token).catch((error) => {
              // Time is not this stage's business.
              if (error.code === 'ERR_JWT_EXPIRED') return { payload: error.payload }
              throw error
            })
            expect(payload).toMatchObject(changed)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('accepts what jose accepts, when it is of the form that the authorization server writes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        async (name, claims) => {
          const token = await new SignJWT({ ...CLAIMS, name, claims })
            .setProtectedHeader(HEADER)
            .sign(SIGNING.privateKey)
          await oracle(token)
          if (token.length <= 8192) expect(verify(token)).toHaveProperty('claims.name', name.toWellFormed())
        },
      ),
      { numRuns: 100 },
    )
  })

  it('survives anything: bytes, dots, megabytes', () => {
    expect(refusalOf('x.'.repeat(500_000))).not.toBe('accepted')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(refusalOf(text)).not.toBe('accepted')
      }),
    )
    for (let length = 0; length < 50; length++) {
      const random = () => randomBytes(length).toString('base64url')
      expect(refusalOf(`${random()}.${random()}.${random()}`)).not.toBe('accepted')
    }
  })
})
