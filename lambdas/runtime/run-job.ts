import type { Context } from 'aws-lambda'
import * as z from 'zod'
import type { AbilityLog } from './ability-context.ts'
import { powertoolsLog } from './ability-log.ts'
import type { Skillset } from './define-skillset.ts'
import { parseEnvironment } from './environment.ts'
import type { Instance } from './serve.ts'
import { lazyServices } from './skillset-services.ts'

/** What a job works with. It runs for nobody: there is no person, and no tenant. */
export interface JobContext<Services> {
  /** What the skillset's `services` built, once per instance. */
  readonly services: Services
  /** When the run was due, in milliseconds since the epoch: the same where EventBridge delivers a run twice. */
  readonly scheduledAt: number
  /** Aborted when the function's deadline is near. */
  readonly signal: AbortSignal
  readonly log: AbilityLog
}

export type Job<Services> = (context: JobContext<Services>) => Promise<void>

/** Milliseconds kept back so that an aborted run is still logged. */
const MARGIN = 1_000

/** As an EventBridge rule with a schedule sends it. */
const scheduledEvent = z.object({ 'detail-type': z.literal('Scheduled Event'), time: z.iso.datetime() })

/**
 * The Lambda handler of a skillset's job, declared there by the need `schedule`. A run that throws is logged and fails,
 * so that Lambda counts it; nothing repeats it, the next one comes by itself.
 * @throws EnvironmentError at the start of the instance, where its environment is wrong
 */
export function runJob<Services>(skillset: Skillset<Services>, job: Job<Services>, instance: Partial<Instance> = {}) {
  const { environment: variables = process.env, now = Date.now, openLog = powertoolsLog() } = instance
  const services = lazyServices(skillset, parseEnvironment(variables, skillset), now)

  return async (event: unknown, context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>): Promise<void> => {
    const log = openLog({ requestId: context.awsRequestId })
    const startedAt = now()
    try {
      const { time } = scheduledEvent.parse(event)
      const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - MARGIN))
      await job({ services: await services(), scheduledAt: Date.parse(time), signal, log })
      log.info('job done', { scheduledAt: time, durationMs: now() - startedAt })
    } catch (error) {
      log.error('job failed', { error, durationMs: now() - startedAt })
      throw error
    }
  }
}
