import { describe, expect, it } from 'vitest'
import { readRequest } from '../../../../lambdas/oauth/http/request.ts'
import { event } from '../factory-fixture.ts'

const NAME = '__Host-session'
const cookie = (...cookies: string[]) => readRequest(event({ path: '/', cookies })).cookie(NAME)

/** Everything that `String.prototype.trim` removes and RFC 6265 §4.2.1 does not. */
const UNICODE_SPACES = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(
  (character) => character.trim() === '' && character !== ' ' && character !== '\t',
)

describe('cookies (RFC 6265 §4.2)', () => {
  it('are read by name; white space around a pair is none of it', () => {
    expect(cookie('a=1', `${NAME}=own`)).toBe('own')
    expect(cookie(` \t${NAME}=own\t `)).toBe('own')
    expect(cookie(`${NAME}=a=b`)).toBe('a=b')
    expect(cookie(`${NAME}=`)).toBe('')
    expect(cookie('a=1')).toBeUndefined()
  })

  it('AS-09: a name is ours only byte for byte: what a browser does not see as prefixed, a sibling host can set', () => {
    expect(UNICODE_SPACES.length).toBeGreaterThan(20)
    for (const space of UNICODE_SPACES) {
      const code = space.charCodeAt(0).toString(16)
      expect(cookie(`${space}${NAME}=planted`), `before: ${code}`).toBeUndefined()
      expect(cookie(`${NAME}${space}=planted`), `after: ${code}`).toBeUndefined()
      expect(cookie(`${space}${NAME}=planted`, `${NAME}=own`), `beside: ${code}`).toBe('own')
    }
    expect(cookie(`${NAME} =planted`)).toBeUndefined()
    expect(cookie(`${NAME}`, `=${NAME}`, `=${NAME}=planted`)).toBeUndefined()
  })

  it('AS-09: one that comes twice was planted by somebody else, so it counts as absent', () => {
    expect(cookie(`${NAME}=planted`, `${NAME}=own`)).toBeUndefined()
    expect(cookie(`${NAME}=own`, 'a=1', ` ${NAME}=planted`)).toBeUndefined()
    expect(cookie(`${NAME}=1`, `${NAME}=2`, `${NAME}=3`)).toBeUndefined()
    const { cookies } = readRequest(event({ path: '/', cookies: [`${NAME}=1`, `${NAME}=2`, 'a=1'] }))
    expect([...cookies]).toEqual([['a', '1']])
  })

  it('white space without end costs nothing', () => {
    expect(cookie(`${NAME}=${' '.repeat(9000)}x`, `${' '.repeat(9000)}x`)).toBeUndefined()
  })

  it('names that no object of the language has by birth', () => {
    expect(readRequest(event({ path: '/', cookies: ['__proto__=x'] })).cookie('toString')).toBeUndefined()
  })
})
