import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { LambdaService } from './invocation.ts'
import { LambdaPermissions } from './lambda-permissions.ts'
import { ignored, label, parsedResources } from './resource-properties.ts'
import { ACCOUNT, REGION, ruleArn } from './resource-types.ts'
import { type Stack, UnsupportedError } from './stack.ts'

const ruleProperties = z.strictObject({
  Name: ignored,
  Description: ignored,
  State: z.literal('ENABLED').optional(),
  ScheduleExpression: z.string(),
  // Of the delivery to Lambda, which does not fail on one machine.
  Targets: z.array(z.strictObject({ Id: z.string(), Arn: z.string(), RetryPolicy: ignored })),
})

/** Lambda repeats a failed run twice unless it is told not to; the runner never does. */
const eventInvokeConfig = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumRetryAttempts: z.literal(0),
  MaximumEventAgeInSeconds: ignored,
})

const MINUTE = 60_000
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE, hour: 60 * MINUTE, day: 1_440 * MINUTE }
/** A timer of Node waits no longer; milliseconds. */
const LONGEST_RATE = 2 ** 31 - 1

interface Rule {
  readonly arn: string
  /** Milliseconds. */
  readonly rate: number
  readonly functions: readonly string[]
}

/** EventBridge's rules with a schedule, by this machine's clock. */
export class EventBridge {
  readonly #rules: readonly Rule[]
  readonly #permissions: LambdaPermissions
  readonly #lambda: LambdaService
  readonly #log: (line: object) => void
  readonly #timers: NodeJS.Timeout[] = []

  /** @throws UnsupportedError naming a rule, or what of it the runner does not stand for */
  constructor(stacks: readonly Stack[], lambda: LambdaService, log: (line: object) => void) {
    this.#rules = rulesOf(stacks)
    this.#permissions = new LambdaPermissions(stacks, 'events.amazonaws.com')
    this.#lambda = lambda
    this.#log = log
  }

  /** Runs every rule at once, and then at its rate. */
  start(): void {
    for (const rule of this.#rules) {
      this.#run(rule)
      this.#timers.push(setInterval(() => this.#run(rule), rule.rate))
    }
  }

  /** Begins no further run; one that goes on ends with its function. */
  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  #run({ arn, functions }: Rule): void {
    for (const functionArn of functions)
      if (this.#permissions.allow(functionArn, arn)) this.#invoke(arn, functionArn)
      else this.#fail(arn, `no AWS::Lambda::Permission lets this rule invoke ${functionArn}`)
  }

  /** As AWS does, without waiting for the run before. */
  async #invoke(rule: string, functionArn: string): Promise<void> {
    const invocation = await this.#lambda.invoke(functionArn, scheduledEvent(rule, new Date()))
    if (invocation.kind === 'failed') this.#fail(rule, `${invocation.errorType}: ${invocation.errorMessage}`)
  }

  #fail(rule: string, reason: string): void {
    this.#log({ level: 'error', service: 'event-bridge', rule, reason })
  }
}

function rulesOf(stacks: readonly Stack[]): Rule[] {
  const unrepeated = parsedResources(stacks, 'AWS::Lambda::EventInvokeConfig', eventInvokeConfig).map(
    ({ properties }) => properties.FunctionName,
  )
  return parsedResources(stacks, 'AWS::Events::Rule', ruleProperties).map(({ resource, properties }) => {
    const rate = rateOf(properties.ScheduleExpression)
    if (rate === undefined)
      throw new UnsupportedError(`${label(resource)}: ScheduleExpression ${properties.ScheduleExpression}`)
    const functions = properties.Targets.map(({ Arn }) => Arn)
    const repeated = functions.find((arn) => !unrepeated.some((name) => arn.endsWith(`:function:${name}`)))
    if (repeated !== undefined)
      throw new UnsupportedError(
        `${label(resource)}: ${repeated} has no AWS::Lambda::EventInvokeConfig without retries`,
      )
    return { arn: ruleArn(resource.physicalId), rate, functions }
  })
}

/** Milliseconds; undefined for cron(…), and for what AWS refuses: `rate(1 minutes)`, for one. */
function rateOf(expression: string): number | undefined {
  const [, count, unit = '', plural] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? []
  const rate = Number(count) * (UNITS[unit] ?? Number.NaN)
  return (count === '1') === (plural === '') && rate <= LONGEST_RATE ? rate : undefined
}

/** As EventBridge sends it. Times are in whole seconds. */
export function scheduledEvent(rule: string, time: Date) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ACCOUNT,
    time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
    region: REGION,
    resources: [rule],
    detail: {},
  }
}
