import { expect, it } from 'vitest'
import { displayName } from '../../../lambdas/oauth/display-name.ts'

const clean = (name: string) => displayName(name, 80)

it.each([
  ['stays as it is', 'Claude Code (work) – v2.1', 'Claude Code (work) – v2.1'],
  ['any script', 'Ελένη 田中 สวัสดี Zoë', 'Ελένη 田中 สวัสดี Zoë'],
  ['white space is one space', '  a \t b\u00a0\u3000c  ', 'a b c'],
  ['line breaks and controls', 'a\r\nX-Header: b\u0000\u0085\u001b[2J', 'a X-Header: b [2J'],
  ['bidirectional overrides and isolates', 'a\u202eb\u2066c\u2069\u200fd\u061c', 'abcd'],
  ['zero widths, tags, variation selectors', 'a\u200b\u200d\ufeff\u{e0041}\ufe0fb', 'ab'],
  ['letters that show as nothing', 'a\u3164\u115f\u1160\uffa0\u2800b', 'ab'],
  ['halves of characters', 'a\ud800b', 'ab'],
  ['marks that pile up', `e${'\u0301'.repeat(30)}x`, '\u00e9\u0301\u0301x'],
  ['marks of several kinds', `x${'\u0301\u20dd'.repeat(30)}y`, 'x\u0301\u20ddy'],
  ['marks that fall on what is before the name', '\u0301\u0301 abc', 'abc'],
])('%s', (_case, name, shown) => {
  expect(clean(name)).toBe(shown)
})

it.each([
  '',
  '   ',
  '\u3164',
  '\u2800\u2800',
  '\u115f\u1160',
  '\u200b',
  '\u0301\u0301',
  '\u202e\u0007',
  '\ue000',
])('nothing that can be seen is no name: %j', (name) => {
  expect(clean(name)).toBeUndefined()
})

it('is bounded, by whole characters', () => {
  expect(displayName('x'.repeat(300), 200)).toBe('x'.repeat(200))
  expect(displayName('😀'.repeat(5), 3)).toBe('😀😀😀')
})
