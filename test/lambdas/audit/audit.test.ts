import { describe, expect, it } from 'vitest'
import { type Audit, openAudit } from '../../../lambdas/audit/audit.ts'

function setUp(trace: string | undefined = 'Root=1-67-89;Parent=ab;Sampled=0') {
  const lines: string[] = []
  const audit = openAudit(
    (line) => lines.push(line),
    () => 0,
    () => ({ service: 'oauth', trace }),
  )
  return { audit, lines, events: () => lines.map((line) => JSON.parse(line)) }
}
const write = (audit: Audit, fields: object) => audit('client.deleted', fields as never)

describe('the writer', () => {
  it('writes one line of JSON, marked as an audit event', () => {
    const { audit, lines, events } = setUp()
    audit('client.deleted', { requestId: 'r', client: 'c\n{"audit":"forged"}' })
    expect(lines).toEqual([expect.stringMatching(/^[^\n]*\n$/)])
    expect(events()).toEqual([
      {
        audit: 'client.deleted',
        level: 'INFO',
        timestamp: '1970-01-01T00:00:00.000Z',
        service: 'oauth',
        traceId: '1-67-89',
        requestId: 'r',
        client: 'c\n{"audit":"forged"}',
      },
    ])
  })

  it.each([['Parent=ab'], ['']])('has no trace id where Lambda says %j', (trace) => {
    const { audit, events } = setUp(trace)
    audit('client.deleted', { requestId: 'r', client: 'c' })
    expect(events()[0]).not.toHaveProperty('traceId')
  })

  it('no field takes the place of what every event has', () => {
    const { audit, events } = setUp()
    write(audit, { audit: 'token.issued', timestamp: 'then', service: 'another', traceId: 'another' })
    expect(events()).toMatchObject([{ audit: 'client.deleted', service: 'oauth', traceId: '1-67-89' }])
  })

  it('bounds texts and lists', () => {
    const { audit, lines } = setUp()
    write(audit, { client: 'x'.repeat(100_000), redirectUris: Array.from({ length: 1_000 }, () => 'y'.repeat(10_000)) })
    expect(lines[0]?.length).toBeLessThan(20_000)
  })

  const cyclic: Record<string, unknown> = { secret: 'marked-secret' }
  cyclic.self = cyclic
  it.each([
    ['a cyclic value', cyclic, 'object'],
    ['a BigInt', 7n, 'bigint'],
    ['a function', () => 'marked-secret', 'function'],
    ['an error', new Error('marked-secret'), 'object'],
  ])('of %s writes the type alone', (_name, value, type) => {
    const { audit, events, lines } = setUp()
    write(audit, { requestId: 'r', client: value })
    expect(events()).toMatchObject([{ requestId: 'r', client: type }])
    expect(lines.join()).not.toContain('marked-secret')
  })

  const list: unknown[] = []
  list.push(list)
  it.each<[string, object]>([
    ['a list that holds itself', { client: list }],
    [
      'a value that throws',
      {
        get client() {
          throw new Error('no')
        },
      },
    ],
  ])('never throws: %s', (_name, fields) => {
    expect(() => write(setUp().audit, fields)).not.toThrow()
  })

  it.each(['write', 'clock', 'about'])('never throws where %s does', (broken) => {
    const failing = () => {
      throw new Error('broken')
    }
    const audit = openAudit(
      broken === 'write' ? failing : () => undefined,
      broken === 'clock' ? failing : () => 0,
      broken === 'about' ? failing : () => ({ service: undefined, trace: undefined }),
    )
    expect(() => audit('client.deleted', { requestId: 'r', client: 'c' })).not.toThrow()
  })

  it('does not compile with an event or a field that the catalogue does not have, or without one that it has', () => {
    const { audit } = setUp()
    // @ts-expect-error: no such event
    audit('client.forgotten', { requestId: 'r' })
    // @ts-expect-error: no such field
    audit('client.deleted', { requestId: 'r', client: 'c', secret: 's' })
    // @ts-expect-error: the client is missing
    audit('client.deleted', { requestId: 'r' })
  })
})
