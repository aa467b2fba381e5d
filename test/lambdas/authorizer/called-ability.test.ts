import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calledAbility } from '../../../lambdas/authorizer/called-ability.ts'
import { callOf } from './fixtures.ts'

const base64 = (text: string | Buffer) => `=?base64?${Buffer.from(text).toString('base64')}?=`

describe('RS-05: the ability that the headers name', () => {
  it('is read for 2026-07-28 and whatever comes after it', () => {
    for (const version of ['2026-07-28', '2026-07-29', '2027-01-01', ' 2026-07-28\t'])
      expect(calledAbility({ ...callOf('deploy'), protocolVersions: [version] })).toBe('deploy')
  })

  it('white space without end costs nothing', () => {
    const name = `a${' '.repeat(200_000)}b`
    expect(calledAbility(callOf(name))).toBe(name)
  })

  it.each([
    '2025-03-26',
    '2025-06-18',
    '2025-11-25',
    '2026-07-27',
    '2024-11-05',
    'DRAFT-2026-v1',
    '9999',
    '',
    '2026-07-28, 2026-07-28',
  ])('is not judged for protocol %j', (version) => {
    expect(calledAbility({ ...callOf('deploy'), protocolVersions: [version] })).toBeUndefined()
  })

  it('is not judged where a header is missing or repeated: the runtime answers 400', () => {
    const call = callOf('deploy')
    for (const changed of [
      { protocolVersions: [] },
      { protocolVersions: ['2026-07-28', '2026-07-28'] },
      { protocolVersions: ['2025-11-25', '2026-07-28'] },
      { mcpMethods: [] },
      { mcpMethods: ['tools/call', 'tools/call'] },
      { mcpMethods: ['tools/list'] },
      { mcpMethods: ['initialize'] },
      { mcpMethods: ['TOOLS/CALL'] },
      { mcpNames: [] },
      { mcpNames: ['check_service_health', 'deploy'] },
    ])
      expect(calledAbility({ ...call, ...changed })).toBeUndefined()
  })

  it.each(['prompts/get', 'resources/read'])('is a prompt or a resource where the method is %s', (method) => {
    const request = { ...callOf('calendar://upcoming'), mcpMethods: [method] }
    expect(calledAbility(request)).toBe('calendar://upcoming')
  })

  it('is decoded where it comes as base64 of UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        fc.pre(!name.startsWith('\ufeff'))
        expect(calledAbility({ ...callOf(''), mcpNames: [base64(name)] })).toBe(name)
      }),
    )
    expect(calledAbility(callOf('=?base64?ZGVwbG95?='))).toBe('deploy')
  })

  it('is not judged where the encoding is claimed and wrong', () => {
    for (const name of [
      '=?base64?ZGVwbG95ZQ?=',
      '=?base64?ZGVw bG95?=',
      '=?base64?ZGVwbG9-?=',
      '=?base64?=?=',
      '=?base64?!=?base64?ZGVwbG95?=',
      '=?base64?ZGVwbG95?=x?=',
      base64(Buffer.from([0xff])),
    ])
      expect(calledAbility(callOf(name))).toBeUndefined()
  })

  it('stands for itself where it only looks encoded', () => {
    for (const name of ['=?BASE64?ZGVwbG95?=', '=?base64?ZGVwbG95', '?=deploy', '=?utf-8?B?ZGVwbG95?='])
      expect(calledAbility(callOf(name))).toBe(name)
  })
})
