import { expect, it } from 'vitest'
import { defineSkillset } from '../../../lambdas/runtime/define-skillset.ts'
import { EnvironmentError } from '../../../lambdas/runtime/environment.ts'
import { schedule } from '../../../lambdas/runtime/needs.ts'
import { type JobContext, runJob } from '../../../lambdas/runtime/run-job.ts'
import { scheduledEvent } from '../../../local/event-bridge.ts'
import { SkillsetError } from '../../../model/skillset-declaration.ts'
import { ENVIRONMENT, keptLog } from './support/sample-skillset.ts'

let built = 0
const skillset = defineSkillset({
  name: 'sample',
  title: 'Sample',
  instructions: '',
  needs: [schedule('tidy', { everyMinutes: 5 })],
  services: ({ issuer }) => {
    built += 1
    return { issuer }
  },
  abilities: [],
})

const due = new Date('2026-11-30T12:00:00Z')
const context = (left = 50_000) => ({ awsRequestId: 'invocation', getRemainingTimeInMillis: () => left })

it('a job gets the services of its skillset and the time it was due, and no person', async () => {
  const seen: JobContext<{ issuer: string }>[] = []
  const { lines, openLog } = keptLog()
  const run = runJob(skillset, async (given) => void seen.push(given), { environment: ENVIRONMENT, openLog })
  await run(scheduledEvent('rule', due), context())
  await run(scheduledEvent('rule', due), context())
  expect(seen).toMatchObject([{ services: { issuer: ENVIRONMENT.ISSUER }, scheduledAt: due.getTime() }, {}])
  expect(Object.keys(seen[0] ?? {}).sort()).toEqual(['log', 'scheduledAt', 'services', 'signal'])
  expect(built).toBe(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'job done', requestId: 'invocation' })
})

it('a job that throws is logged and fails, so that Lambda counts it', async () => {
  const { lines, openLog } = keptLog()
  const run = runJob(skillset, () => Promise.reject(new Error('what went wrong')), {
    environment: ENVIRONMENT,
    openLog,
  })
  await expect(run(scheduledEvent('rule', due), context())).rejects.toThrow('what went wrong')
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'ERROR',
    message: 'job failed',
    requestId: 'invocation',
    error: { message: 'what went wrong' },
  })
})

it('its signal is aborted before the deadline', async () => {
  const run = runJob(
    skillset,
    ({ signal }) =>
      new Promise((_resolve, reject) => {
        const keepAlive = setInterval(() => undefined, 1_000)
        signal.addEventListener('abort', () => {
          clearInterval(keepAlive)
          reject(signal.reason)
        })
      }),
    { environment: ENVIRONMENT, openLog: keptLog().openLog },
  )
  await expect(run(scheduledEvent('rule', due), context(1_020))).rejects.toThrow(/timeout/)
})

it.each([
  {},
  { ...scheduledEvent('rule', due), time: 'now' },
  { ...scheduledEvent('rule', due), 'detail-type': 'Object Created' },
])('what is no scheduled event is refused: %j', async (event) => {
  const ran: unknown[] = []
  const run = runJob(skillset, async (given) => void ran.push(given), {
    environment: ENVIRONMENT,
    openLog: keptLog().openLog,
  })
  await expect(run(event, context())).rejects.toThrow()
  expect(ran).toEqual([])
})

it('fails closed without its environment', () => {
  expect(() => runJob(skillset, async () => undefined, { environment: {} })).toThrow(EnvironmentError)
})

it.each([
  ['Tidy', 1],
  ['../tidy', 1],
  ['', 1],
  ['tidy', 0],
  ['tidy', 0.5],
])('a schedule of %j every %d minutes cannot be declared', (name, everyMinutes) => {
  expect(() => schedule(name, { everyMinutes })).toThrow(SkillsetError)
})
