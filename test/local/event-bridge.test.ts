import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EventBridge } from '../../local/event-bridge.ts'
import type { Invocation } from '../../local/invocation.ts'
import { functionArn, ruleArn } from '../../local/resource-types.ts'
import { resource, stackOf } from './hand-made.ts'

const JOB = functionArn('job')
const START = new Date('2026-11-30T12:00:00.400Z')

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())

const permission = (changes: object = {}) =>
  resource('AWS::Lambda::Permission', 'Permission', 'permission', {
    Action: 'lambda:InvokeFunction',
    FunctionName: JOB,
    Principal: 'events.amazonaws.com',
    SourceArn: ruleArn('rule'),
    ...changes,
  })
const rule = (changes: object = {}) =>
  resource('AWS::Events::Rule', 'Rule', 'rule', {
    State: 'ENABLED',
    ScheduleExpression: 'rate(1 minute)',
    Targets: [{ Id: 'Target0', Arn: JOB, RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 } }],
    ...changes,
  })
const invokeConfig = (changes: object = {}) =>
  resource('AWS::Lambda::EventInvokeConfig', 'Config', 'config', {
    FunctionName: 'job',
    Qualifier: '$LATEST',
    MaximumRetryAttempts: 0,
    ...changes,
  })

/** EventBridge in front of a function that ends when it is told to. */
function eventBridge(...resources: ReturnType<typeof resource>[]) {
  const invoked: { functionArn: string; event: unknown; end(invocation: Invocation): void }[] = []
  const log: object[] = []
  const lambda = {
    invoke: (functionArn: string, event: unknown) =>
      new Promise<Invocation>((end) => void invoked.push({ functionArn, event, end })),
  }
  return { invoked, log, bridge: new EventBridge([stackOf(...resources)], lambda, (line) => void log.push(line)) }
}

test('a rule runs its function at once and at its rate, with a scheduled event, until it is stopped', () => {
  const { invoked, bridge } = eventBridge(rule(), permission(), invokeConfig())
  expect(invoked).toEqual([])
  bridge.start()
  expect(invoked).toMatchObject([
    {
      functionArn: JOB,
      event: {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '000000000000',
        time: '2026-11-30T12:00:00Z',
        region: 'us-east-1',
        resources: [ruleArn('rule')],
        detail: {},
      },
    },
  ])
  vi.advanceTimersByTime(59_999)
  expect(invoked).toHaveLength(1)
  // The run before has not ended: AWS does not wait either.
  vi.advanceTimersByTime(1)
  expect(invoked.map(({ event }) => (event as { time: string }).time)).toEqual([
    '2026-11-30T12:00:00Z',
    '2026-11-30T12:01:00Z',
  ])
  bridge.stop()
  vi.advanceTimersByTime(600_000)
  expect(invoked).toHaveLength(2)
})

test('a run that fails is said, and the next one comes', async () => {
  const { invoked, log, bridge } = eventBridge(rule(), permission(), invokeConfig())
  bridge.start()
  invoked[0]?.end({ kind: 'failed', reason: 'unhandled', errorType: 'TypeError', errorMessage: 'what went wrong' })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(log).toEqual([
    { level: 'error', service: 'event-bridge', rule: ruleArn('rule'), reason: 'TypeError: what went wrong' },
  ])
  expect(invoked).toHaveLength(2)
  bridge.stop()
})

test.each([
  ['none', undefined],
  ["another rule's", { SourceArn: ruleArn('other') }],
  ["another function's", { FunctionName: functionArn('other') }],
  ["another service's", { Principal: 'apigateway.amazonaws.com' }],
  ['for another action', { Action: 'lambda:GetFunction' }],
])('with a permission that is %s, the function is not invoked, and that is said', (_which, changes) => {
  const { invoked, log, bridge } = eventBridge(rule(), invokeConfig(), ...(changes ? [permission(changes)] : []))
  bridge.start()
  bridge.stop()
  expect(invoked).toEqual([])
  expect(log).toEqual([expect.objectContaining({ reason: expect.stringContaining(`invoke ${JOB}`) })])
})

test.each([
  ['rate(5 minutes)', 5],
  ['rate(1 hour)', 60],
  ['rate(2 days)', 2_880],
])('%s', (ScheduleExpression, minutes) => {
  const { invoked, bridge } = eventBridge(rule({ ScheduleExpression }), permission(), invokeConfig())
  bridge.start()
  vi.advanceTimersByTime(minutes * 60_000 - 1)
  expect(invoked).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(invoked).toHaveLength(2)
  bridge.stop()
})

test.each([
  ['rate(1 minutes)'],
  ['rate(0 minutes)'],
  ['rate(5 minute)'],
  ['rate(30 seconds)'],
  ['rate(30 days)'],
  ['cron(0 12 * * ? *)'],
])('%s stops the start, by name', (ScheduleExpression) => {
  expect(() => eventBridge(rule({ ScheduleExpression }), permission(), invokeConfig())).toThrow(
    `AWS::Events::Rule Rule: ScheduleExpression ${ScheduleExpression}`,
  )
})

test.each([
  ['a pattern', [rule({ EventPattern: {} }), invokeConfig()], 'EventPattern'],
  ['an input of its own', [rule({ Targets: [{ Id: 'a', Arn: JOB, Input: '{}' }] }), invokeConfig()], 'Input'],
  ['a rule that is off', [rule({ State: 'DISABLED' }), invokeConfig()], 'State'],
  ['a function that Lambda would run again', [rule()], 'EventInvokeConfig without retries'],
  ['retries', [rule(), invokeConfig({ MaximumRetryAttempts: 2 })], 'MaximumRetryAttempts'],
])('%s stops the start, by name', (_what, resources, named) => {
  expect(() => eventBridge(...resources, permission())).toThrow(named)
})
