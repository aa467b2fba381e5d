import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { tellFailures } from '../../local/tell-failures.ts'
import { temporaryDirectory } from './hand-made.ts'

it('what fails is told on the terminal, with its reason; what an earlier run logged, and what was refused, is not', async () => {
  const logs = temporaryDirectory()
  const log = (fields: object) =>
    appendFileSync(join(logs, 'a.log'), `${JSON.stringify({ timestamp: new Date().toISOString(), ...fields })}\n`)
  const failed = (tool: string) =>
    log({
      message: 'ability failed',
      service: 'devops',
      tool,
      email: 'bob@example.com',
      error: {
        name: 'TypeError',
        message: 'no',
        stack: 'TypeError: no\n    at run (/p/lambdas/skillsets/devops/x.ts:1:2)',
      },
    })
  failed('earlier')
  const told: string[] = []
  onTestFinished(tellFailures(logs, (message) => told.push(message)))
  log({ audit: 'tool.called', server: 'devops', name: 'refused', outcome: 'conflict' })
  failed('first')
  failed('second')
  await expect.poll(() => told).toHaveLength(2)
  expect(told[0]).toMatch(
    /^\d\d:\d\d:\d\d Call first at devops failed for bob@example\.com: TypeError: no \(lambdas\/skillsets\/devops\/x\.ts:1\)$/,
  )
  expect(told[1]).toContain('Call second')
})
