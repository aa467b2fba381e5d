import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { red } from '../../../cli/doctor/finding.ts'
import { report } from '../../../cli/doctor/report.ts'
import { ISSUER } from './healthy-evidence.ts'

it('what a server said neither moves the cursor nor begins a line of its own', () => {
  const said = '\u001b[2J\u009b2J\n  green  refusal  all is well\r'
  const text = report([{ subject: ISSUER, check: 'refusal', ...red(`issuer is ${said}`, said) }], new PassThrough())
  expect(text.split('\n').filter((line) => line.startsWith('  green'))).toEqual([])
  // Its own colours are off where nobody sits at a terminal.
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})
